/**
 * LUSD: all debt can be redeemed against ether while the system's collateral ratio is above its minimum.
 *
 * The price feed writes on chain when it is called; a static call of it reads the price and writes nothing.
 */
import { LIQUITY_PRICE_FEED, LIQUITY_V1 } from "../abis.ts";
import { type Adapter, call, mustUnits, ONCHAIN_POLICY, units, WAD, warn } from "../adapter.ts";
import { debtMetadata } from "../debt-redemption.ts";

/** Below this ratio of collateral to debt the system is thin, whatever its own minimum says. */
const THIN_RATIO = 1.2;

export const liquityV1: Adapter<"liquity-v1"> = {
  kind: "liquity-v1",
  version: 1,
  semantics: "collateral-mix",
  sourceModel: "single-bucket",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "current-bps" },
  policy: ONCHAIN_POLICY,
  *read({ chain, troveManager, priceFeed }) {
    const [collateral, debt, price, minimum, rate] = yield [
      call(troveManager, LIQUITY_V1, "getEntireSystemColl"),
      call(troveManager, LIQUITY_V1, "getEntireSystemDebt"),
      call(priceFeed, LIQUITY_PRICE_FEED, "fetchPrice"),
      call(troveManager, LIQUITY_V1, "MCR"),
      call(troveManager, LIQUITY_V1, "getRedemptionRateWithDecay"),
    ];
    const [ratio] = typeof price === "bigint" ? yield [call(troveManager, LIQUITY_V1, "getTCR", [price])] : [null];
    const capacityUsd = mustUnits(debt, WAD, "system debt");
    const reserveUsd =
      typeof price === "bigint" ? mustUnits(collateral, WAD, "system collateral") * units(price, WAD) : null;
    const isChecked = typeof ratio === "bigint" && typeof minimum === "bigint";
    const isThin = reserveUsd !== null && capacityUsd > 0 && reserveUsd / capacityUsd < THIN_RATIO;
    return {
      source: `${chain}/${troveManager}`,
      slices: [{ name: "ETH", pct: 100, risk: "low" }],
      warnings: [
        ...(isChecked ? [] : [warn("degraded", "route-unchecked", "Whether redemption is open could not be read")]),
        ...(isThin ? [warn("degraded", "thin-collateral", "The system holds less than 1.2 times its debt")] : []),
      ],
      metadata: debtMetadata({
        debtUsd: capacityUsd,
        collateralUsd: reserveUsd,
        status: isChecked ? (ratio >= minimum ? "open" : "paused") : "unknown",
        statusReason: isChecked && ratio < minimum ? "The system's collateral ratio is below its minimum" : null,
        rate,
      }),
    };
  },
};
