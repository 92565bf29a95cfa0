/**
 * Savings wrappers: what the vault holds idle of its one asset is what leaves at once. A vault that lends everything out truly holds
 * next to nothing, and that nothing is published as measured.
 *
 * Not for vaults whose exit pulls from a lending market: idle says nothing of those.
 */
import { ERC20, ERC4626 } from "../abis.ts";
import { type Adapter, AdapterFailed, call, decimalsOf, mustBig, ONCHAIN_POLICY, units, warn } from "../adapter.ts";

/** Vault's own total and what its shares convert to may differ by this much. */
const NAV_TOLERANCE = 0.01;

export const erc4626SingleAsset: Adapter<"erc4626-single-asset"> = {
  kind: "erc4626-single-asset",
  version: 1,
  semantics: "single-asset",
  sourceModel: "single-bucket",
  evidenceClass: "weak-live-probe",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, vault, asset, assetCoinId }, given) {
    const [pointsTo, totalAssets, shares, idleRead, decimalsRead] = yield [
      call(vault, ERC4626, "asset"),
      call(vault, ERC4626, "totalAssets"),
      call(vault, ERC4626, "totalSupply"),
      call(asset, ERC20, "balanceOf", [vault]),
      call(asset, ERC20, "decimals"),
    ];
    if (String(pointsTo).toLowerCase() !== asset)
      throw new AdapterFailed("the vault holds another asset than reviewed");
    const supply = mustBig(shares, "the vault's shares");
    const [convertible] = yield [call(vault, ERC4626, "convertToAssets", [supply])];
    const decimals = decimalsOf(decimalsRead, "the asset's decimals");
    const total = units(mustBig(totalAssets, "the vault's assets"), decimals);
    const worth = typeof convertible === "bigint" ? units(convertible, decimals) : null;
    const idle = typeof idleRead === "bigint" ? units(idleRead, decimals) : null;
    const priceUsd = assetCoinId === null ? null : given.coinPriceUsd(assetCoinId);
    const diverges = worth !== null && Math.abs(worth - total) > NAV_TOLERANCE * Math.max(worth, total);
    return {
      source: `${chain}/${vault}`,
      slices: [
        {
          name: assetCoinId ?? "the vault's asset",
          pct: 100,
          risk: "low",
          ...(assetCoinId ? { coinId: assetCoinId } : {}),
        },
      ],
      warnings: [
        ...(diverges
          ? [warn("degraded", "nav-divergence", "The vault's total and the worth of its shares differ")]
          : []),
        ...(idle === null ? [warn("info", "idle-unread", "What lies idle in the vault could not be read")] : []),
      ],
      metadata: {
        freshnessMode: "not-applicable",
        ...(priceUsd === null ? {} : { totalReserveUsd: total * priceUsd }),
        redemption:
          idle === null
            ? { capacityKind: "documented-eventual", freshnessKind: "same-run-onchain" }
            : {
                ...(priceUsd === null ? {} : { capacityUsd: idle * priceUsd }),
                ...(worth !== null && worth > 0 ? { capacityRatioOfSupply: Math.min(1, idle / worth) } : {}),
                capacityKind: "live-direct",
                freshnessKind: "same-run-onchain",
              },
      },
    };
  },
};
