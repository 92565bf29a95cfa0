/** A coin's answer in one sentence each: on its peg or not and who says so; how big and which way. */
import { depegThresholdBps } from "../../pipeline/peg-bounds.ts";
import type { PeggedAsset } from "../../pipeline/schema/stablecoins.ts";
import { bps, changeRatio, price, usd } from "./format.ts";
import { reasonText } from "./reasons.ts";
import { totalUsd } from "./record.ts";

export interface Verdict {
  /** One or two words. */
  headline: string;
  text: string;
  side: "below" | "above" | "";
  isOff: boolean;
}

const PEG_WORDS: Record<string, string> = { GOLD: "its gold", SILVER: "its silver", VAR: "its variable" };

function sources(asset: PeggedAsset): string {
  const n = asset.agreeSources.length;
  if (n <= 1) return `says ${asset.agreeSources[0] ?? asset.priceSource} alone`;
  const named = n > 4 ? asset.agreeSources.slice(0, 3) : asset.agreeSources.slice(0, -1);
  const producer = asset.priceConfidenceReason ? ", one producer in several voices" : "";
  return `say ${named.join(", ")} and ${n > 4 ? `${n - 3} more` : asset.agreeSources.at(-1)}${producer}`;
}

export function pegVerdict(asset: PeggedAsset): Verdict {
  const peg = `${PEG_WORDS[asset.pegCurrency] ?? `its ${asset.pegCurrency}`} peg`;
  if (asset.price === null)
    return {
      headline: "No price",
      text: `There is no price: ${reasonText(asset.priceReason)}.`,
      side: "",
      isOff: false,
    };
  if (asset.deviationBps === null)
    return {
      headline: "No fixed peg to measure",
      text: `It trades at $${price(asset.price)}, ${sources(asset)}. It is not measured against a peg: ${reasonText(asset.deviationReason)}.`,
      side: "",
      isOff: false,
    };
  const limit = depegThresholdBps(asset.pegType);
  const off = Math.abs(asset.deviationBps);
  const side = off < 0.05 ? "" : asset.deviationBps < 0 ? "below" : "above";
  const where = side === "" ? `exactly on ${peg}` : `${bps(off).slice(1)} bps ${side} ${peg}`;
  const headline = off < limit ? "On its peg" : `Off its peg, ${side}`;
  return {
    headline,
    text: `At $${price(asset.price)} it stands ${where}, ${sources(asset)}. Off the peg would be ${limit} bps or more.`,
    side,
    isOff: off >= limit,
  };
}

export function supplySentence(asset: PeggedAsset): string {
  const now = totalUsd(asset.circulating);
  if (now === null) return `Its supply is not known: ${reasonText(asset.supplyReason)}.`;
  const week = changeRatio(now, totalUsd(asset.circulatingPrevWeek));
  const before = totalUsd(asset.circulatingPrevWeek);
  const chains =
    asset.chains.length === 1
      ? `on ${asset.chains[0]}`
      : asset.chains.length > 1
        ? `on ${asset.chains.length} chains`
        : "";
  const moved =
    before === null || week === null
      ? ""
      : Math.abs(week) < 0.0005
        ? "; unchanged in a week"
        : `; ${usd(Math.abs(now - before))} ${now > before ? "more" : "less"} than a week ago`;
  return `${usd(now)} in circulation${chains ? ` ${chains}` : ""}${moved}.`;
}
