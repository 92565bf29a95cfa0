/** What systems have in common whose whole debt can be redeemed against its collateral: how much, whether it is open, at what fee. */
import type { ReserveMetadata } from "../schema/reserves.ts";
import { rateBps } from "./adapter.ts";

export interface DebtSystem {
  /** Debt that can be redeemed; one unit is one dollar. */
  debtUsd: number;
  /** What stands behind it; null where it is not known. */
  collateralUsd: number | null;
  status: NonNullable<NonNullable<ReserveMetadata["redemption"]>["routeStatus"]>;
  /** Why it is not open, where that is known. */
  statusReason: string | null;
  /** The contract's redemption rate as read, scaled 1e18; anything else is unknown. */
  rate: unknown;
}

export function debtMetadata({ debtUsd, collateralUsd, status, statusReason, rate }: DebtSystem): ReserveMetadata {
  const isBacked = collateralUsd !== null && debtUsd > 0;
  return {
    freshnessMode: "not-applicable",
    ...(collateralUsd === null ? {} : { totalReserveUsd: collateralUsd }),
    ...(isBacked ? { collateralizationRatio: collateralUsd / debtUsd } : {}),
    redemption: {
      capacityUsd: debtUsd,
      capacityKind: "live-direct-bounded",
      freshnessKind: "same-run-onchain",
      routeStatus: status,
      routeStatusSource: "onchain",
      ...(statusReason === null ? {} : { routeStatusReason: statusReason }),
      ...(typeof rate === "bigint" ? { feeBps: rateBps(rate) } : {}),
    },
  };
}
