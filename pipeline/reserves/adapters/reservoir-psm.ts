/**
 * Reservoir's savings forms: dollars in the PSM through which their rUSD leaves. The PSM serves all of them, so their rows carry one
 * `sharedPoolId`; where it cannot be read, their routes fall back to the documented floor of 25 basis points of supply.
 */
import { ERC20 } from "../abis.ts";
import { type Adapter, call, decimalsOf, mustUnits, ONCHAIN_POLICY } from "../adapter.ts";

export const reservoirPsm: Adapter<"reservoir-psm"> = {
  kind: "reservoir-psm",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "weak-live-probe",
  telemetry: { capacity: "proxy", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, psm, asset, assetCoinId, sharedPoolId }, given) {
    const [held, decimals] = yield [call(asset, ERC20, "balanceOf", [psm]), call(asset, ERC20, "decimals")];
    const idle = mustUnits(held, decimalsOf(decimals, "decimals of what the PSM pays"), "what the PSM holds");
    const priceUsd = given.coinPriceUsd(assetCoinId);
    return {
      source: `${chain}/${psm}`,
      slices: [],
      warnings: [],
      metadata: {
        freshnessMode: "not-applicable",
        sharedPoolId,
        redemption: {
          ...(priceUsd === null ? {} : { capacityUsd: idle * priceUsd }),
          capacityKind: "live-proxy-validated",
          freshnessKind: "same-run-onchain",
          settlementDelaySec: 0,
          holderEligibility: "any-holder",
        },
      },
    };
  },
};
