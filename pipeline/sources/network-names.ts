/**
 * What price services call the chains: one row a chain whose names were read in their documentation. A chain that is not here, or
 * has no name at a service, is not asked for there.
 */
export interface NetworkNames {
  dexscreener: string | null;
  dexpaprika: string | null;
  geckoterminal: string | null;
  alchemy: string | null;
  moralis: string | null;
}

function names(
  dexscreener: string | null,
  dexpaprika: string | null,
  geckoterminal: string | null,
  alchemy: string | null,
  moralis: string | null,
): NetworkNames {
  return { dexscreener, dexpaprika, geckoterminal, alchemy, moralis };
}

export const SOLANA = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";

/** By CAIP-2 id. */
export const NETWORK_NAMES: ReadonlyMap<string, NetworkNames> = new Map([
  ["eip155:1", names("ethereum", "ethereum", "eth", "eth-mainnet", "eth")],
  ["eip155:10", names("optimism", "optimism", "optimism", "opt-mainnet", "optimism")],
  ["eip155:56", names("bsc", "bsc", "bsc", "bnb-mainnet", "bsc")],
  ["eip155:100", names("gnosischain", null, "xdai", "gnosis-mainnet", "gnosis")],
  ["eip155:137", names("polygon", "polygon", "polygon_pos", "polygon-mainnet", "polygon")],
  ["eip155:8453", names("base", "base", "base", "base-mainnet", "base")],
  ["eip155:42161", names("arbitrum", "arbitrum", "arbitrum", "arb-mainnet", "arbitrum")],
  ["eip155:42220", names("celo", "celo", "celo", "celo-mainnet", null)],
  ["eip155:43114", names("avalanche", "avalanche", "avax", "avax-mainnet", "avalanche")],
  ["eip155:59144", names("linea", "linea", "linea", "linea-mainnet", "linea")],
  ["eip155:534352", names("scroll", "scroll", "scroll", "scroll-mainnet", null)],
  [SOLANA, names("solana", "solana", "solana", null, null)],
]);
