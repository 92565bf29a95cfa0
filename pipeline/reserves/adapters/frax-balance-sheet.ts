/** frxUSD: dollars among what its issuer holds, by the issuer's own balance sheet. Treasuries must be sold before they pay anybody out. */
import { fraxBalanceSheet } from "../../sources/frax.ts";
import { type Adapter, AdapterFailed, DASHBOARD_POLICY, slicesOf, warn } from "../adapter.ts";

const PAGE = "https://api.frax.finance/v2/frxusd/balance-sheet/latest";
/** What the sheet calls the chains whose tokens we know by address. */
const CHAINS: Readonly<Record<string, string>> = {
  arbitrum: "eip155:42161",
  avalanche: "eip155:43114",
  base: "eip155:8453",
  bsc: "eip155:56",
  ethereum: "eip155:1",
  fraxtal: "eip155:252",
  linea: "eip155:59144",
  optimism: "eip155:10",
  polygon: "eip155:137",
  solana: "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
};
/** Dollars that pay a redemption as they are. A token is one of them by its address, whatever its symbol. */
const DOLLARS: readonly string[] = ["usdc-circle", "usdt-tether", "dai-makerdao", "usds-sky", "pyusd-paypal"];

export const fraxBalanceSheetAdapter: Adapter<"frax-balance-sheet"> = {
  kind: "frax-balance-sheet",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "proxy", fee: "none" },
  policy: DASHBOARD_POLICY,
  feeds: [fraxBalanceSheet],
  *read(_entry, given) {
    const sheet = given.feed(fraxBalanceSheet);
    if (sheet === null) throw new AdapterFailed("the balance sheet could not be read");
    const { observedAt, assets, totalAssetsUsd, totalLiabilitiesUsd } = sheet;
    const coinOf = (asset: (typeof assets)[number]) => {
      const chain = CHAINS[asset.chain];
      return chain === undefined ? null : given.coinOfToken(chain, asset.tokenAddress);
    };
    const dollars = assets.filter((asset) => DOLLARS.includes(coinOf(asset) ?? ""));
    const bySymbol = [...Map.groupBy(assets, ({ symbol }) => symbol)].map(([name, parts]) => ({
      name,
      value: parts.reduce((sum, { valueUsd }) => sum + valueUsd, 0),
      risk: parts.every((part) => dollars.includes(part)) ? ("low" as const) : ("medium" as const),
    }));
    const time = observedAt === null ? {} : { sourceTimestamp: observedAt };
    return {
      source: PAGE,
      slices: slicesOf(bySymbol),
      warnings:
        totalLiabilitiesUsd > totalAssetsUsd
          ? [warn("degraded", "undercollateralised", "Liabilities are larger than assets")]
          : [],
      metadata: {
        freshnessMode: observedAt === null ? "unverified" : "verified",
        ...(observedAt === null ? { freshnessReason: "the balance sheet states no time" } : {}),
        ...time,
        totalReserveUsd: totalAssetsUsd,
        ...(totalLiabilitiesUsd > 0 ? { collateralizationRatio: totalAssetsUsd / totalLiabilitiesUsd } : {}),
        redemption: {
          // Dollars only, no ratio: the sheet's liabilities are not the circulating supply.
          capacityUsd: dollars.reduce((sum, { valueUsd }) => sum + valueUsd, 0),
          capacityKind: "live-proxy-validated",
          freshnessKind: observedAt === null ? "unverified" : "verified-source-timestamp",
          ...time,
          sourceUrls: [PAGE],
        },
      },
    };
  },
};
