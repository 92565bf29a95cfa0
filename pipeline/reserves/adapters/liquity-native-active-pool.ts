/** MUSD of Mezo: Liquity's first system with Mezo's native bitcoin as collateral, and a redemption rate that governance sets. */
import { MEZO_BORROWER_OPERATIONS } from "../abis.ts";
import { type Adapter, call, ONCHAIN_POLICY } from "../adapter.ts";
import { readTroves } from "../trove-system.ts";

export const liquityNativeActivePool: Adapter<"liquity-native-active-pool"> = {
  kind: "liquity-native-active-pool",
  version: 1,
  semantics: "collateral-mix",
  sourceModel: "single-bucket",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "current-bps" },
  policy: ONCHAIN_POLICY,
  *read({ chain, troveManager, priceFeed, borrowerOperations, collateral }) {
    return yield* readTroves({
      chain,
      troveManager,
      priceFeed,
      rate: call(borrowerOperations, MEZO_BORROWER_OPERATIONS, "redemptionRate"),
      collateral: { name: collateral, risk: "medium" },
    });
  },
};
