/**
 * One system of troves with one collateral, Liquity's first kind: all its debt can be redeemed while its collateral ratio is above its
 * minimum.
 *
 * The price feed may write on chain when it is called; a static call of it reads the price and writes nothing.
 */
import type { ReserveSlice } from "../schema/reserves.ts";
import type { ContractRead } from "../sources/read-contracts.ts";
import { LIQUITY_PRICE_FEED, LIQUITY_V1 } from "./abis.ts";
import { call, mustUnits, type Reading, units, WAD, warn } from "./adapter.ts";
import { debtMetadata } from "./debt-redemption.ts";

/** Below this ratio of collateral to debt the system is thin, whatever its own minimum says. */
const THIN_RATIO = 1.2;

export interface TroveSystem {
  chain: string;
  troveManager: string;
  priceFeed: string;
  /** Where the redemption rate is read, scaled 1e18. */
  rate: ContractRead;
  collateral: Pick<ReserveSlice, "name" | "risk">;
}

export function* readTroves({ chain, troveManager, priceFeed, rate, collateral }: TroveSystem): Reading {
  const [held, debt, price, minimum, rateRead] = yield [
    call(troveManager, LIQUITY_V1, "getEntireSystemColl"),
    call(troveManager, LIQUITY_V1, "getEntireSystemDebt"),
    call(priceFeed, LIQUITY_PRICE_FEED, "fetchPrice"),
    call(troveManager, LIQUITY_V1, "MCR"),
    rate,
  ];
  const [ratio] = typeof price === "bigint" ? yield [call(troveManager, LIQUITY_V1, "getTCR", [price])] : [null];
  const capacityUsd = mustUnits(debt, WAD, "system debt");
  const reserveUsd = typeof price === "bigint" ? mustUnits(held, WAD, "system collateral") * units(price, WAD) : null;
  const isChecked = typeof ratio === "bigint" && typeof minimum === "bigint";
  const isThin = reserveUsd !== null && capacityUsd > 0 && reserveUsd / capacityUsd < THIN_RATIO;
  return {
    source: `${chain}/${troveManager}`,
    slices: [{ ...collateral, pct: 100 }],
    warnings: [
      ...(isChecked ? [] : [warn("degraded", "route-unchecked", "Whether redemption is open could not be read")]),
      ...(isThin ? [warn("degraded", "thin-collateral", "The system holds less than 1.2 times its debt")] : []),
    ],
    metadata: debtMetadata({
      debtUsd: capacityUsd,
      collateralUsd: reserveUsd,
      status: isChecked ? (ratio >= minimum ? "open" : "paused") : "unknown",
      statusReason: isChecked && ratio < minimum ? "The system's collateral ratio is below its minimum" : null,
      rate: rateRead,
    }),
  };
}
