/** The second phase for all pending depegs of a run: who is up for decision, who is asked, and what comes of it. */
import type { LaneContext } from "../lane.ts";
import { offchainConfirmer } from "../primary-trust.ts";
import type { PriceQuotes } from "../schema/price-quotes.ts";
import { judgePending, type NamedQuote, type PendingFacts, screenPending } from "./confirm-pending.ts";
import type { DepegBook } from "./depeg-book.ts";
import { askConfirmers } from "./offchain-confirmers.ts";
import { EXPIRY_SEC } from "./pending.ts";
import type { CoinReading } from "./readings.ts";

const INTERVAL_SEC = 1_800;
/**
 * Whose own price of this run may confirm, first come first heard. The method names Binance; the others stand in where it has
 * no pair, since the reference asks for a secondary source that agrees and few coins trade at Binance.
 */
const MARKETS = {
  binance: "cex:binance",
  coinbase: "cex:coinbase",
  kraken: "cex:kraken",
  bitstamp: "cex:bitstamp",
  pyth: "oracle:pyth",
  redstone: "oracle:redstone",
} as const;

function marketQuote(quotes: PriceQuotes["quotes"][string] | undefined): NamedQuote | null {
  for (const [source, name] of Object.entries(MARKETS)) {
    const quote = quotes?.find((candidate) => candidate.source === source && candidate.verdict !== "rejected");
    if (quote && quote.priceUsd !== null) return { name, price: quote.priceUsd };
  }
  return null;
}

/** Screens every pending row, gathers what evidence there is, and promotes, rejects or keeps. `ranAt` is the run before. */
export async function confirmAll(
  context: LaneContext,
  book: DepegBook,
  readings: readonly CoinReading[],
  ranAt: number | null,
) {
  const { nowSec } = context;
  const byCoin = new Map(readings.map((reading) => [reading.coin.id, reading]));
  // After a late or skipped run a row may still be confirmed: it expires after three intervals, as they really were.
  const expirySec = Math.max(EXPIRY_SEC, 3 * Math.max(INTERVAL_SEC, nowSec - (ranAt ?? nowSec)));
  const factsOf = (coinId: string, storedReference: number): PendingFacts => {
    const found = byCoin.get(coinId);
    return {
      hasOpenEvent: book.open.has(coinId),
      price: found?.asset.price ?? null,
      trust: found?.reading.trust ?? "unusable",
      reference: found?.referenceDrives ? found.reading.reference : storedReference,
      nativePrice: null,
      nowSec,
      expirySec,
    };
  };
  const undecided = [...book.pending.values()].flatMap((row) => {
    const facts = factsOf(row.stablecoinId, row.pegReference);
    const outcome = screenPending(row, facts);
    if (outcome === "drop") book.drop(row.stablecoinId);
    return outcome === "evaluate" ? [{ row, facts }] : [];
  });
  const quotes = context.published("price-quotes");
  const questions = undecided.flatMap(({ row }) => {
    const coin = context.registry.coinById.get(row.stablecoinId);
    const confirmer = offchainConfirmer(byCoin.get(row.stablecoinId)?.asset ?? { agreeSources: [], priceSource: null });
    return coin && confirmer ? [{ coin, confirmer }] : [];
  });
  const confirmations = await askConfirmers(context, questions);
  for (const { row, facts } of undecided) {
    const judgement = judgePending(row, facts, {
      native: null,
      offchain: confirmations.get(row.stablecoinId) ?? null,
      cex: marketQuote(quotes?.generatedAt === nowSec ? quotes.data.quotes[row.stablecoinId] : undefined),
      dex: byCoin.get(row.stablecoinId)?.reading.evidence.dex ?? null,
      pools: byCoin.get(row.stablecoinId)?.reading.evidence.pools ?? [],
    });
    if (judgement.decision === "promote") book.promote(row, judgement);
    else if (judgement.decision === "reject") book.drop(row.stablecoinId);
  }
}
