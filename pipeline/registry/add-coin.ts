/** `plumbline add-coin`: writes the skeleton of a coin, valid from the start, for a person to fill in. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { type Coin, CoinSchema, pegTypeOf } from "../schema/coin.ts";
import { exampleCoin } from "./examples.ts";
import { formatProblems, problemsOf } from "./problems.ts";

export interface NewCoin {
  dataDir: string;
  /** ticker-issuer, e.g. "usdc-circle". */
  id: string;
  symbol: string;
  name: string;
  /** e.g. "USD"; see PEG_CURRENCIES. */
  pegCurrency: string;
  website?: string | undefined;
  mechanism?: string | undefined;
  /** DefiLlama's number. */
  llamaId?: string | undefined;
  coingeckoId?: string | undefined;
  /** Where the facts are from. */
  source?: string | undefined;
}

/** Writes data/registry/coins/<id>.json. Throws UsageError for an id that exists or a value that is not right. */
export function addCoin(coin: NewCoin): { path: string; coin: Coin } {
  const unknown = null;
  const skeleton = {
    id: coin.id,
    symbol: coin.symbol,
    name: coin.name,
    peg: { currency: coin.pegCurrency, type: pegTypeOf(coin.pegCurrency), referenceId: unknown },
    mechanism: coin.mechanism ?? unknown,
    backing: unknown,
    governance: unknown,
    navToken: unknown,
    yieldBearing: unknown,
    commodityOunces: unknown,
    variantOf: unknown,
    status: { state: "active", since: unknown },
    launchDate: unknown,
    jurisdiction: unknown,
    website: coin.website ?? unknown,
    ids: {
      defillama: coin.llamaId ?? unknown,
      coingecko: coin.coingeckoId ?? unknown,
      coinmarketcap: unknown,
      coinmarketcapSlug: unknown,
    },
    deployments: [],
    priceFeeds: [],
    mintBurnContracts: [],
    redemptionRoute: unknown,
    reserveAdapter: unknown,
    sources: [
      { facts: "identity", source: coin.source ?? coin.website ?? "to be named: where a stranger can check this" },
    ],
  };
  const name = `registry/coins/${coin.id}.json`;
  const parsed = CoinSchema.safeParse(skeleton);
  if (!parsed.success) {
    throw new UsageError(
      `This coin cannot be added.\n${formatProblems(problemsOf(name, skeleton, parsed.error, exampleCoin))}`,
      {
        code: "bad-coin",
        where: name,
        hint: "Give the values again as in the examples above.",
      },
    );
  }
  const path = join(coin.dataDir, name);
  if (existsSync(path)) {
    throw new UsageError(`The coin ${coin.id} is already in the registry.`, {
      code: "coin-exists",
      where: path,
      hint: "Edit that file, or choose an id with another issuer.",
    });
  }
  mkdirSync(join(coin.dataDir, "registry/coins"), { recursive: true });
  writeFileSync(path, `${JSON.stringify(parsed.data, null, 2)}\n`, { flag: "wx" });
  return { path, coin: parsed.data };
}
