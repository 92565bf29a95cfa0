/**
 * DefiLlama stablecoins: who is out there and how much of it, our main record of supply.
 *
 * Producer DefiLlama, https://stablecoins.llama.fi, free API, no key; refreshed every few minutes, charts once a day.
 *
 * What a reader must know: amounts in the list are USD already, units times the *current* price, the previous ones too, so a
 * difference between them holds no price change; never multiply them again. `price` may be null while the amounts use a
 * fiat rate of DefiLlama's own. A coin younger than a week or a month has `{}` there, which is unknown and not zero. Chain
 * totals may be negative where bridges are booked twice. In the charts `date` is text and keys appear over the years.
 */
import { z } from "zod";
import { finite, positive } from "./numbers.ts";
import { asQuotes, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { badShape, readRows, readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";
import type { PriceVenue } from "./venue.ts";

/** Peg type to amount, e.g. `{peggedUSD: 1}`. `null` appears for what DefiLlama does not know. */
const BucketsSchema = z.record(z.string(), z.number().nullable());

const ChainAmountsSchema = z.object({
  current: BucketsSchema.nullish(),
  circulatingPrevDay: BucketsSchema.nullish(),
  circulatingPrevWeek: BucketsSchema.nullish(),
  circulatingPrevMonth: BucketsSchema.nullish(),
});

const AssetSchema = z.object({
  /** Text, but older answers had numbers. */
  id: z.union([z.string().min(1), z.int()]).transform(String),
  name: z.string(),
  symbol: z.string(),
  gecko_id: z.string().nullish(),
  pegType: z.string().nullish(),
  pegMechanism: z.string().nullish(),
  /** Anything but a positive number reads as unknown. */
  price: z.unknown().optional(),
  circulating: BucketsSchema,
  circulatingPrevDay: BucketsSchema.nullish(),
  circulatingPrevWeek: BucketsSchema.nullish(),
  circulatingPrevMonth: BucketsSchema.nullish(),
  chainCirculating: z.record(z.string(), ChainAmountsSchema.nullish()).nullish(),
});

const ListSchema = z.object({ peggedAssets: z.array(z.unknown()) });

export interface LlamaAsset {
  llamaId: string;
  name: string;
  symbol: string;
  geckoId: string | null;
  pegType: string | null;
  pegMechanism: string | null;
  priceUsd: number | null;
  circulatingUsd: number | null;
  prevDayUsd: number | null;
  prevWeekUsd: number | null;
  prevMonthUsd: number | null;
  /** DefiLlama's chain name to USD. */
  chains: Record<string, number | null>;
  /** The same chains a day, a week and a month ago. */
  chainsBefore: Record<string, { prevDayUsd: number | null; prevWeekUsd: number | null; prevMonthUsd: number | null }>;
}

export interface LlamaAssets {
  assets: LlamaAsset[];
  /** Rows that were malformed and left out. */
  dropped: number;
}

export const defillamaStablecoins: Source<Record<string, never>, LlamaAssets> = {
  id: "defillama:stablecoins",
  upstream: "defillama",
  breaker: "defillama-stablecoins",
  docs: "https://api-docs.defillama.com/",
  example: {},
  async fetch(http, request) {
    const { body } = await http.json("defillama", { path: "/stablecoins", query: { includePrices: "true" } });
    return this.parse(body, request);
  },
  parse(body) {
    const list = readShape(ListSchema, body, this.id).peggedAssets;
    const { rows, dropped } = readRows(AssetSchema, list, this.id);
    return { assets: rows.map(assetOf), dropped };
  },
  rows: ({ assets }) => assets.length,
  isUsable: ({ assets }) => assets.length > 0,
};

function assetOf(row: z.output<typeof AssetSchema>): LlamaAsset {
  const chains: Record<string, number | null> = {};
  const chainsBefore: LlamaAsset["chainsBefore"] = {};
  for (const [name, chain] of Object.entries(row.chainCirculating ?? {})) {
    chains[name] = sumOf(chain?.current);
    chainsBefore[name] = {
      prevDayUsd: sumOf(chain?.circulatingPrevDay),
      prevWeekUsd: sumOf(chain?.circulatingPrevWeek),
      prevMonthUsd: sumOf(chain?.circulatingPrevMonth),
    };
  }
  return {
    llamaId: row.id,
    name: row.name,
    symbol: row.symbol,
    geckoId: row.gecko_id ?? null,
    pegType: row.pegType ?? null,
    pegMechanism: row.pegMechanism ?? null,
    priceUsd: typeof row.price === "number" ? positive(row.price) : null,
    circulatingUsd: sumOf(row.circulating),
    prevDayUsd: sumOf(row.circulatingPrevDay),
    prevWeekUsd: sumOf(row.circulatingPrevWeek),
    prevMonthUsd: sumOf(row.circulatingPrevMonth),
    chains,
    chainsBefore,
  };
}

/** All peg buckets together; null where there is none, which is unknown and not zero. */
function sumOf(buckets: Record<string, number | null> | null | undefined): number | null {
  let sum: number | null = null;
  for (const value of Object.values(buckets ?? {})) {
    const amount = finite(value);
    if (amount !== null) sum = (sum ?? 0) + amount;
  }
  return sum;
}

function knownBuckets(buckets: Record<string, number | null> | null | undefined): Record<string, number> {
  const known: Record<string, number> = {};
  for (const [pegType, value] of Object.entries(buckets ?? {})) {
    const amount = finite(value);
    if (amount !== null) known[pegType] = amount;
  }
  return known;
}

const PointSchema = z.object({
  /** Text of unix seconds. */
  date: z.union([z.string(), z.number()]),
  totalCirculatingUSD: BucketsSchema.nullish(),
});

export interface SupplyPoint {
  date: number;
  circulatingUsd: number | null;
  /** The same in its parts, USD by peg type. */
  byPegType: Record<string, number>;
}

export interface SupplyChart {
  /** Ascending. The last one is of the running day. */
  points: SupplyPoint[];
}

export interface ChartRequest {
  /** DefiLlama's id of one coin; absent means all of them together. */
  llamaId?: string | undefined;
}

export const defillamaCharts: Source<ChartRequest, SupplyChart> = {
  id: "defillama:stablecoincharts",
  upstream: "defillama",
  breaker: "defillama-charts",
  docs: "https://api-docs.defillama.com/",
  example: {},
  async fetch(http, request) {
    const query = { stablecoin: request.llamaId };
    const { body } = await http.json("defillama", { path: "/stablecoincharts/all", query });
    return this.parse(body, request);
  },
  parse(body) {
    const points = readShape(z.array(PointSchema), body, this.id).map(({ date, totalCirculatingUSD }) => {
      const seconds = epochSeconds(date);
      if (seconds === null) throw badShape(this.id, `no date: ${String(date)}`);
      return {
        date: seconds,
        circulatingUsd: sumOf(totalCirculatingUSD),
        byPegType: knownBuckets(totalCirculatingUSD),
      };
    });
    return { points: points.sort((a, b) => a.date - b.date) };
  },
  rows: ({ points }) => points.length,
  isUsable: ({ points }) => points.length > 0,
};

/**
 * The prices of the same list, as quotes by DefiLlama's id. The list is asked for once a run, so this costs no request; it has
 * no circuit of its own.
 */
export const defillamaListPrices: Source<QuoteRequest, Quotes> = {
  id: "defillama:list-prices",
  upstream: "defillama",
  breaker: null,
  docs: defillamaStablecoins.docs,
  example: { keys: ["1", "2"] },
  async fetch(http, request) {
    return listQuotes(await defillamaStablecoins.fetch(http, {}), request);
  },
  parse(body, request) {
    return listQuotes(defillamaStablecoins.parse(body, {}), request);
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

function listQuotes({ assets }: LlamaAssets, request: QuoteRequest): Quotes {
  const quotes = assets.flatMap(({ llamaId, priceUsd }) =>
    priceUsd === null ? [] : [makeQuote(llamaId, priceUsd, "USD", null)],
  );
  return asQuotes(quotes, wantedKeys(request));
}

export const defillamaListVenue: PriceVenue = {
  key: "defillama-list",
  source: defillamaListPrices,
  keyOf: (coin) => coin.ids.defillama,
  countsFetchTime: true,
};
