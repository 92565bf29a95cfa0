/** cUSD: the token is its own vault; what lies in it unlent and unpaused is what a holder can take now. Every read must answer. */
import { CAP_VAULT, ERC20 } from "../abis.ts";
import { type Adapter, AdapterFailed, call, decimalsOf, mustUnits, ONCHAIN_POLICY, slicesOf } from "../adapter.ts";

export const capVault: Adapter<"cap-vault"> = {
  kind: "cap-vault",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, vault }, given) {
    const [list, supply, supplyDecimals] = yield [
      call(vault, CAP_VAULT, "assets"),
      call(vault, ERC20, "totalSupply"),
      call(vault, ERC20, "decimals"),
    ];
    if (!Array.isArray(list) || list.length === 0) throw new AdapterFailed("the vault's assets could not be read");
    const assets = list.map((address) => String(address).toLowerCase());
    const answers = yield assets.flatMap((asset) => [
      call(vault, CAP_VAULT, "totalSupplies", [asset]),
      call(vault, CAP_VAULT, "availableBalance", [asset]),
      call(vault, CAP_VAULT, "paused", [asset]),
      call(asset, ERC20, "decimals"),
      call(asset, ERC20, "symbol"),
    ]);
    const holdings = assets.map((asset, i) => {
      const [supplied, available, paused, decimals, symbol] = answers.slice(i * 5, i * 5 + 5);
      if (typeof paused !== "boolean") throw new AdapterFailed(`whether ${asset} is paused could not be read`);
      const scale = decimalsOf(decimals, `decimals of ${asset}`);
      return {
        name: typeof symbol === "string" && symbol !== "" ? symbol : asset,
        coinId: given.coinOfToken(chain, asset),
        supplied: mustUnits(supplied, scale, `the supply of ${asset}`),
        available: mustUnits(available, scale, `the balance of ${asset}`),
        paused,
      };
    });
    const total = mustUnits(supply, decimalsOf(supplyDecimals, "the token's decimals"), "total supply");
    const open = holdings.filter(({ paused }) => !paused);
    const capacityUsd = open.reduce((sum, { available }) => sum + available, 0);
    const anyPaused = open.length < holdings.length;
    return {
      source: `${chain}/${vault}`,
      slices: slicesOf(
        holdings.map(({ name, coinId, supplied }) => ({
          name,
          coinId,
          value: supplied,
          risk: coinId === null ? ("medium" as const) : ("low" as const),
        })),
      ),
      warnings: [],
      metadata: {
        freshnessMode: "not-applicable",
        totalReserveUsd: holdings.reduce((sum, { supplied }) => sum + supplied, 0),
        redemption: {
          capacityUsd,
          ...(total > 0 ? { capacityRatioOfSupply: Math.min(1, capacityUsd / total) } : {}),
          capacityKind: "live-direct-bounded",
          freshnessKind: "same-run-onchain",
          routeStatus: capacityUsd === 0 ? "paused" : anyPaused ? "degraded" : "open",
          routeStatusSource: "onchain",
          ...(capacityUsd === 0 ? { routeStatusReason: "Nothing in the vault can be taken" } : {}),
          ...(capacityUsd > 0 && anyPaused ? { routeStatusReason: "Part of the vault's assets is paused" } : {}),
        },
      },
    };
  },
};
