/** CJPY: what Yamato says can be redeemed now, which is debt of pledges below the minimum ratio, against ether. */
import { YAMATO_PRIORITY } from "../abis.ts";
import { type Adapter, call, mustUnits, ONCHAIN_POLICY, WAD } from "../adapter.ts";

export const yamato: Adapter<"yamato"> = {
  kind: "yamato",
  version: 1,
  semantics: "collateral-mix",
  sourceModel: "single-bucket",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, priorityRegistry, coinId }, given) {
    const [cap] = yield [call(priorityRegistry, YAMATO_PRIORITY, "getRedeemablesCap")];
    const yen = mustUnits(cap, WAD, "what can be redeemed");
    const priceUsd = given.coinPriceUsd(coinId);
    return {
      source: `${chain}/${priorityRegistry}`,
      slices: [{ name: "ETH", pct: 100, risk: "low" }],
      warnings: [],
      metadata: {
        freshnessMode: "not-applicable",
        redemption: {
          ...(priceUsd === null ? {} : { capacityUsd: yen * priceUsd }),
          capacityKind: "live-direct-bounded",
          freshnessKind: "same-run-onchain",
          holderEligibility: "any-holder",
        },
      },
    };
  },
};
