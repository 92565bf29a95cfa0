/**
 * USTB: dollars that lie in Superstate's redemption contract. Dollars at Circle pay redemptions too and stand in the issuer's API only, whose
 * shape nobody has published; what is told here is the part a chain shows.
 */
import { ERC20, PAUSABLE } from "../abis.ts";
import { type Adapter, call, decimalsOf, mustUnits, ONCHAIN_POLICY, pauseCheck } from "../adapter.ts";

export const superstateLiquidity: Adapter<"superstate-liquidity"> = {
  kind: "superstate-liquidity",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "weak-live-probe",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, redemption, asset, assetCoinId }, given) {
    const [held, decimals, pausedRead] = yield [
      call(asset, ERC20, "balanceOf", [redemption]),
      call(asset, ERC20, "decimals"),
      call(redemption, PAUSABLE, "paused"),
    ];
    const idle = mustUnits(held, decimalsOf(decimals, "decimals of what is paid out"), "what the contract holds");
    const priceUsd = given.coinPriceUsd(assetCoinId);
    const pause = pauseCheck(pausedRead, { what: "redemption", who: "The redemption contract" });
    return {
      source: `${chain}/${redemption}`,
      slices: [],
      warnings: pause.warnings,
      metadata: {
        freshnessMode: "not-applicable",
        redemption: {
          ...(priceUsd === null ? {} : { capacityUsd: idle * priceUsd }),
          capacityKind: "live-direct-bounded",
          freshnessKind: "same-run-onchain",
          ...pause.status,
          settlementDelaySec: 0,
          holderEligibility: "whitelisted-primary",
        },
      },
    };
  },
};
