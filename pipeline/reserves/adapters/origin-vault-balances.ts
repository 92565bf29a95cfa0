/** OUSD: what lies in the vault itself, not in its strategies, is what a redemption finds at once. */
import { ERC20, ORIGIN_VAULT } from "../abis.ts";
import { type Adapter, AdapterFailed, call, decimalsOf, mustUnits, ONCHAIN_POLICY, slicesOf } from "../adapter.ts";

export const originVaultBalances: Adapter<"origin-vault-balances"> = {
  kind: "origin-vault-balances",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, vault }, given) {
    const [list] = yield [call(vault, ORIGIN_VAULT, "getAllAssets")];
    if (!Array.isArray(list) || list.length === 0) throw new AdapterFailed("the vault's assets could not be read");
    const assets = list.map((address) => String(address).toLowerCase());
    const answers = yield assets.flatMap((asset) => [
      call(asset, ERC20, "balanceOf", [vault]),
      call(asset, ERC20, "decimals"),
    ]);
    const held = assets.map((asset, i) => ({
      name: given.coinOfToken(chain, asset) ?? asset,
      coinId: given.coinOfToken(chain, asset),
      value: mustUnits(
        answers[i * 2],
        decimalsOf(answers[i * 2 + 1], `decimals of ${asset}`),
        `what is held of ${asset}`,
      ),
      risk: "low" as const,
    }));
    return {
      source: `${chain}/${vault}`,
      slices: slicesOf(held),
      warnings: [],
      metadata: {
        freshnessMode: "not-applicable",
        redemption: {
          capacityUsd: held.reduce((sum, { value }) => sum + value, 0),
          capacityKind: "live-direct",
          freshnessKind: "same-run-onchain",
        },
      },
    };
  },
};
