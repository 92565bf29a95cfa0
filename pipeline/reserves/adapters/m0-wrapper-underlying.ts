/** Wrapped M: every token stands on the M that its wrapper holds, and the wrapper pays it out at once. */
import { ERC20 } from "../abis.ts";
import { type Adapter, call, decimalsOf, mustUnits, ONCHAIN_POLICY } from "../adapter.ts";

export const m0WrapperUnderlying: Adapter<"m0-wrapper-underlying"> = {
  kind: "m0-wrapper-underlying",
  version: 1,
  semantics: "single-asset",
  sourceModel: "single-bucket",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, wrapper, underlying }, given) {
    const [held, decimals] = yield [
      call(underlying, ERC20, "balanceOf", [wrapper]),
      call(underlying, ERC20, "decimals"),
    ];
    const capacityUsd = mustUnits(held, decimalsOf(decimals, "the underlying's decimals"), "what the wrapper holds");
    const coinId = given.coinOfToken(chain, underlying);
    return {
      source: `${chain}/${wrapper}`,
      slices: [{ name: coinId ?? "underlying", pct: 100, risk: "low", ...(coinId ? { coinId } : {}) }],
      warnings: [],
      metadata: {
        freshnessMode: "not-applicable",
        redemption: { capacityUsd, capacityKind: "live-direct", freshnessKind: "same-run-onchain" },
      },
    };
  },
};
