/** LUSD: all debt can be redeemed against ether while the system's collateral ratio is above its minimum. */
import { LIQUITY_V1 } from "../abis.ts";
import { type Adapter, call, ONCHAIN_POLICY } from "../adapter.ts";
import { readTroves } from "../trove-system.ts";

export const liquityV1: Adapter<"liquity-v1"> = {
  kind: "liquity-v1",
  version: 1,
  semantics: "collateral-mix",
  sourceModel: "single-bucket",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "current-bps" },
  policy: ONCHAIN_POLICY,
  *read({ chain, troveManager, priceFeed }) {
    return yield* readTroves({
      chain,
      troveManager,
      priceFeed,
      rate: call(troveManager, LIQUITY_V1, "getRedemptionRateWithDecay"),
      collateral: { name: "ETH", risk: "low" },
    });
  },
};
