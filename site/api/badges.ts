/** A coin's state as a shields.io endpoint badge, so that a README elsewhere can show it. */
import { depegThresholdBps } from "../../pipeline/peg-bounds.ts";
import { bps, price } from "../lib/format.ts";
import type { SiteRecord } from "../lib/record.ts";

export function badgeData(record: SiteRecord, id: string) {
  const coin = record.registry.coinById.get(id);
  if (!coin) return null;
  const asset = record.assetById.get(id);
  const label = record.simulated ? `${coin.symbol} (simulated)` : coin.symbol;
  if (!asset || asset.price === null) return { schemaVersion: 1, label, message: "no price", color: "lightgrey" };
  if (asset.deviationBps === null)
    return { schemaVersion: 1, label, message: `$${price(asset.price)}`, color: "lightgrey" };
  const isOn = Math.abs(asset.deviationBps) < depegThresholdBps(asset.pegType);
  return { schemaVersion: 1, label, message: `${bps(asset.deviationBps)} bps`, color: isOn ? "0f6466" : "b3541e" };
}
