/**
 * ZCHF: francs of other issuers that its bridges hold. A bridge swaps back one for one, at most what it issued; positions stand behind
 * the rest and pay nobody out at once, so the mix is not told from here.
 */
import { ERC20, STABLECOIN_BRIDGE } from "../abis.ts";
import { type Adapter, AdapterFailed, call, decimalsOf, mustUnits, ONCHAIN_POLICY, WAD, warn } from "../adapter.ts";

const READS_A_BRIDGE = 4;

export const stablecoinBridges: Adapter<"stablecoin-bridges"> = {
  kind: "stablecoin-bridges",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "weak-live-probe",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, bridges }, given) {
    const answers = yield bridges.flatMap(({ bridge, token }) => [
      call(bridge, STABLECOIN_BRIDGE, "chf"),
      call(bridge, STABLECOIN_BRIDGE, "minted"),
      call(token, ERC20, "balanceOf", [bridge]),
      call(token, ERC20, "decimals"),
    ]);
    const held = bridges.map(({ name, token, coinId }, i) => {
      const [pointsTo, minted, balance, decimals] = answers.slice(i * READS_A_BRIDGE, (i + 1) * READS_A_BRIDGE);
      if (String(pointsTo).toLowerCase() !== token)
        throw new AdapterFailed(`the bridge of ${name} holds another token than reviewed`);
      const units = mustUnits(balance, decimalsOf(decimals, `decimals of ${name}`), `what the bridge of ${name} holds`);
      const payable = Math.min(units, mustUnits(minted, WAD, `what the bridge of ${name} issued`));
      const priceUsd = given.coinPriceUsd(coinId);
      return payable === 0 ? 0 : priceUsd === null ? null : payable * priceUsd;
    });
    const isPriced = held.every((usd) => usd !== null);
    return {
      source: bridges.map(({ bridge }) => `${chain}/${bridge}`).join(" "),
      slices: [],
      warnings: isPriced ? [] : [warn("info", "unpriced", "A bridge holds tokens whose price is not known")],
      metadata: {
        freshnessMode: "not-applicable",
        redemption: {
          ...(isPriced ? { capacityUsd: held.reduce<number>((sum, usd) => sum + (usd as number), 0) } : {}),
          capacityKind: "live-direct",
          freshnessKind: "same-run-onchain",
          settlementDelaySec: 0,
          holderEligibility: "any-holder",
        },
      },
    };
  },
};
