/**
 * fxUSD: what the pools owe is a proxy of what redemption can reach; the way there is not read itself.
 *
 * The pool named after wstETH counts stETH: priced as wstETH it would come out about 24 % too large.
 */
import type { AdapterEntry } from "../../schema/reserve-adapter.ts";
import { FX_POOL } from "../abis.ts";
import { type Adapter, call, mustUnits, ONCHAIN_POLICY, slicesOf, WAD, warn } from "../adapter.ts";

export const fxPools: Adapter<"fx-pools"> = {
  kind: "fx-pools",
  version: 1,
  semantics: "collateral-mix",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "proxy", fee: "none" },
  policy: ONCHAIN_POLICY,
  priceKeys: ({ pools }: AdapterEntry<"fx-pools">) => pools.map(({ priceKey }) => priceKey),
  *read({ chain, pools }, given) {
    const answers = yield pools.flatMap(({ pool }) => [
      call(pool, FX_POOL, "getTotalRawCollaterals"),
      call(pool, FX_POOL, "getTotalRawDebts"),
    ]);
    const read = pools.map(({ name, priceKey }, i) => {
      const priceUsd = given.priceUsd(priceKey);
      const held = mustUnits(answers[i * 2], WAD, `collateral of the ${name} pool`);
      return {
        name,
        debt: mustUnits(answers[i * 2 + 1], WAD, `debt of the ${name} pool`),
        valueUsd: priceUsd === null ? null : held * priceUsd,
      };
    });
    const capacityUsd = read.reduce((sum, { debt }) => sum + debt, 0);
    const priced = read.every(({ valueUsd }) => valueUsd !== null);
    const reserveUsd = priced ? read.reduce((sum, { valueUsd }) => sum + (valueUsd as number), 0) : null;
    return {
      source: `${chain}/${pools[0]?.pool}`,
      slices: slicesOf(read.map(({ name, valueUsd }) => ({ name, value: valueUsd, risk: "medium" as const }))),
      warnings: priced ? [] : [warn("info", "mix-unpriced", "The collateral's price is not known, so its mix is not")],
      metadata: {
        freshnessMode: "not-applicable",
        ...(reserveUsd === null ? {} : { totalReserveUsd: reserveUsd }),
        ...(reserveUsd !== null && capacityUsd > 0 ? { collateralizationRatio: reserveUsd / capacityUsd } : {}),
        redemption: { capacityUsd, capacityKind: "live-proxy-validated", freshnessKind: "same-run-onchain" },
      },
    };
  },
};
