/**
 * Supply: how much of every coin circulates, in USD, in total and by chain.
 *
 * DefiLlama's list is the source. When it fails three times its circuit opens, and CoinGecko's market caps stand in until a
 * probe succeeds; a single failure keeps the last good snapshot. Coins the answer leaves out keep their last good supply for
 * two days, said so in their row; a jump nobody confirms is held back. Coins beside the list come from CoinGecko's market caps, else
 * from their contracts.
 */
import { z } from "zod";
import type { Lane, LaneContext, LaneResult } from "../lane.ts";
import { roundUsd } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason } from "../schema/envelope.ts";
import type { CoinSupply, Supply } from "../schema/supply.ts";
import { coingeckoMarkets } from "../sources/coingecko.ts";
import { defillamaStablecoins, type LlamaAsset, type LlamaAssets } from "../sources/defillama.ts";
import { DAY_SEC, FUTURE_TOLERANCE_SEC, utcDay } from "../time.ts";
import { canonicalRows } from "./canonical-rows.ts";
import { flatChains } from "./chain-flatline.ts";
import { fromList, fromMarketCap, isPlausibleUsd, withoutAnswer } from "./coin-supply.ts";
import { findJumps, held, isCorroborated, isReleased, lastGood, toRemember } from "./jump-guard.ts";
import { listAge, listFingerprint, MAX_LIST_AGE_SEC, SeenListsSchema } from "./list-age.ts";
import { isSupplemental, mayBeRepaired, supplementalSupply } from "./supplemental.ts";

/** Guardrail 1 of the reference: a list with fewer valid assets is not the list. */
const MIN_VALID_ASSETS = 50;
const UNTRACKED_FLOOR_USD = 5_000_000;
/** A market cap of a coin that trades so little that CoinGecko left it alone for longer says nothing of now. */
const MAX_CAP_AGE_SEC = 7 * DAY_SEC;

type LastGood = ReadonlyMap<string, CoinSupply>;

export const supplyLane: Lane = {
  name: "supply",
  async run(context) {
    const before = stateOf(context.state("supply"));
    const last = new Map((context.published("supply")?.data.coins ?? []).map((coin) => [coin.coinId, coin]));
    const answer = await context.collect(defillamaStablecoins, {});
    if (!answer.ok) {
      const reason: Reason = { code: `defillama-${answer.reason}`, message: answer.detail };
      if (!context.circuitOpen(defillamaStablecoins)) return failed(reason, before);
      return marketCapSupply(context, last, reason, before);
    }
    const { ageSec, seen: lists } = listAge(before.lists, listFingerprint(answer.value.assets), context.nowSec);
    const refusal = listRefusal(answer.value, ageSec);
    if (refusal) return failed(refusal, { ...before, lists });
    return listSupply(context, last, answer.value, { ...before, lists });
  },
};

/** What a run needs to know of those before it. */
const StateSchema = z.object({
  lists: SeenListsSchema,
  /** USD of guarded coins that have no supply now. */
  lastGood: z.record(z.string(), z.number()),
  /** Unix second at which a chain was first seen standing still, by DefiLlama's name. */
  flatChains: z.record(z.string(), z.number()),
});
type State = z.infer<typeof StateSchema>;

/** The lists alone are what older runs left behind. */
function stateOf(given: unknown): State {
  const lists = SeenListsSchema.safeParse(given).data ?? {};
  return StateSchema.safeParse(given).data ?? { lists, lastGood: {}, flatChains: {} };
}

/** Why a list may not be published, or null. */
function listRefusal({ assets, dropped }: LlamaAssets, ageSec: number): Reason | null {
  if (ageSec > MAX_LIST_AGE_SEC) {
    const hours = Math.round(ageSec / 3600);
    const message = `DefiLlama's list is one we first saw ${hours} hours ago; the last good snapshot stays`;
    return { code: "list-stale", message };
  }
  if (assets.length < MIN_VALID_ASSETS) {
    const message = `DefiLlama's list has ${assets.length} valid assets and needs ${MIN_VALID_ASSETS}; ${dropped} rows were malformed`;
    return { code: "list-too-short", message };
  }
  return null;
}

async function listSupply(context: LaneContext, last: LastGood, list: LlamaAssets, before: State): Promise<LaneResult> {
  const { registry, nowSec } = context;
  const { byCoin, duplicates, untracked } = canonicalRows(
    list.assets,
    (llamaId) => registry.coinByLlamaId.get(llamaId)?.id,
  );
  const listed = registry.coins.map((coin) => {
    const row = byCoin.get(coin.id);
    return row ? fromList(coin, row, last.get(coin.id), nowSec) : withoutAnswer(coin, last.get(coin.id), nowSec);
  });
  const more = await supplemental(context, listed, last);
  const { coins, reasons, remembered } = await holdJumps(context, more.coins, last, before.lastGood);
  reasons.push(...more.failures, ...implausible(coins));
  const flat = flatChains(list.assets, before.flatChains, nowSec);
  for (const [chain, sinceSec] of Object.entries(flat)) {
    const message = `every large part of a coin on ${chain} stands still since ${utcDay(sinceSec)} while other chains move: DefiLlama's feed of it may be frozen`;
    reasons.push({ code: "chain-flatline", message });
  }
  if (list.dropped > 0) {
    const message = `${list.dropped} malformed rows of DefiLlama's list were dropped`;
    reasons.push({ code: "rows-dropped", message });
  }
  const state = { ...before, lastGood: remembered, flatChains: flat };
  return published(context, coins, reasons, state, defillamaStablecoins.id, {
    ...(Object.keys(flat).length > 0 ? { flatChains: flat } : {}),
    untracked: materialUntracked(untracked),
    rowsRead: list.assets.length + list.dropped,
    rowsMalformed: list.dropped,
    duplicates,
  });
}

/** Answers that cannot be a supply, said once for all of them. */
function implausible(coins: readonly CoinSupply[]): Reason[] {
  const ids = coins.filter(({ reason }) => reason === "supply-out-of-bounds").map(({ coinId }) => coinId);
  if (ids.length === 0) return [];
  return [{ code: "supply-out-of-bounds", message: `what was said of ${ids.join(", ")} cannot be a supply` }];
}

/** Coins beside the list, and the few whose zero in it may be repaired, from market caps and contracts. */
async function supplemental(
  context: LaneContext,
  listed: CoinSupply[],
  last: LastGood,
): Promise<{ coins: CoinSupply[]; failures: Reason[] }> {
  const { registry } = context;
  const rowOf = new Map(listed.map((row) => [row.coinId, row]));
  const unlisted = registry.coins.filter(isSupplemental);
  const repaired = registry.coins.filter((coin) => mayBeRepaired(coin, rowOf.get(coin.id) as CoinSupply));
  const { caps, failure } = await marketCaps(
    context,
    unlisted.flatMap((coin) => coin.ids.coingecko ?? []),
  );
  // Without market caps nothing is read on chain in their place: the last good supply of them all stays.
  if (failure) return { coins: listed, failures: [failure] };
  const { rows, failures } = await supplementalSupply(context, unlisted, repaired, caps, last);
  return { coins: listed.map((row) => rows.get(row.coinId) ?? row), failures };
}

/** Jumps are looked up once at a second source; what stays unconfirmed is replaced by the last good row. */
async function holdJumps(
  context: LaneContext,
  coins: CoinSupply[],
  last: LastGood,
  remembered: Readonly<Record<string, number>>,
): Promise<{ coins: CoinSupply[]; reasons: Reason[]; remembered: Record<string, number> }> {
  const { registry, nowSec } = context;
  const known = lastGood(last, remembered);
  const jumps = findJumps(coins, known).filter((jump) => !isReleased(jump.coinId, registry.corrections, nowSec));
  const geckoId = (coinId: string) => registry.coinById.get(coinId)?.ids.coingecko ?? null;
  const asked = jumps.filter(({ supplySource }) => supplySource !== "coingecko-fallback");
  const { caps } = await marketCaps(
    context,
    asked.flatMap((jump) => geckoId(jump.coinId) ?? []),
  );
  const unconfirmed = jumps.filter((jump) => !isCorroborated(jump, caps.get(geckoId(jump.coinId) ?? "") ?? null));
  const ids = new Set(unconfirmed.map((jump) => jump.coinId));
  const reasons = unconfirmed.map((jump): Reason => {
    const before = known.get(jump.coinId);
    const message = `${jump.coinId}: supply ${before} -> ${jump.usd.current} USD is not confirmed by a second source; the last good one stays`;
    return { code: "supply-jump-unconfirmed", message };
  });
  const guarded = coins.map((coin) => (ids.has(coin.coinId) ? held(coin, last.get(coin.coinId)) : coin));
  return { coins: guarded, reasons, remembered: toRemember(guarded, known) };
}

function materialUntracked(rows: readonly LlamaAsset[]): Supply["untracked"] {
  return rows
    .map((row) => ({
      llamaId: row.llamaId,
      geckoId: row.geckoId,
      symbol: row.symbol,
      name: row.name,
      circulatingUsd: row.circulatingUsd ?? 0,
    }))
    .filter((row) => row.circulatingUsd > UNTRACKED_FLOOR_USD)
    .map((row) => ({ ...row, circulatingUsd: roundUsd(row.circulatingUsd) }))
    .sort((a, b) => b.circulatingUsd - a.circulatingUsd);
}

/** CoinGecko's market caps by its ids; none, with the reason, when it does not answer. */
async function marketCaps(
  context: LaneContext,
  keys: readonly string[],
): Promise<{ caps: Map<string, number>; failure: Reason | null }> {
  const caps = new Map<string, number>();
  if (keys.length === 0) return { caps, failure: null };
  const answer = await context.collect(coingeckoMarkets, { keys: [...new Set(keys)].sort(), vs: "usd" });
  if (!answer.ok) return { caps, failure: { code: `coingecko-${answer.reason}`, message: answer.detail } };
  for (const { key, marketCap, observedAt } of answer.value.quotes) {
    const isTimely =
      observedAt === null ||
      (observedAt <= context.nowSec + FUTURE_TOLERANCE_SEC && context.nowSec - observedAt <= MAX_CAP_AGE_SEC);
    if (isTimely && marketCap !== null && marketCap > 0 && isPlausibleUsd(marketCap)) caps.set(key, marketCap);
  }
  return { caps, failure: null };
}

/** Supply of every coin from CoinGecko's market caps, while DefiLlama's circuit is open. */
async function marketCapSupply(
  context: LaneContext,
  last: LastGood,
  cause: Reason,
  before: State,
): Promise<LaneResult> {
  const { registry, nowSec } = context;
  const isAsked = (coin: Coin) => coin.status.state === "active";
  const { caps, failure } = await marketCaps(
    context,
    registry.coins.filter(isAsked).flatMap((coin) => coin.ids.coingecko ?? []),
  );
  if (failure) return failed({ ...failure, message: `${cause.message}; and CoinGecko: ${failure.message}` }, before);
  const found = registry.coins.map((coin) => {
    const cap = coin.ids.coingecko === null ? undefined : caps.get(coin.ids.coingecko);
    return cap === undefined ? withoutAnswer(coin, last.get(coin.id), nowSec) : fromMarketCap(coin, cap, nowSec);
  });
  const { coins, reasons, remembered } = await holdJumps(context, found, last, before.lastGood);
  const reason = { code: "coingecko-fallback", message: `supply is CoinGecko's market caps: ${cause.message}` };
  const more = { untracked: [], rowsRead: caps.size, rowsMalformed: 0, duplicates: [] };
  return published(
    context,
    coins,
    [reason, ...reasons],
    { ...before, lastGood: remembered },
    coingeckoMarkets.id,
    more,
  );
}

function published(
  { nowSec }: LaneContext,
  coins: CoinSupply[],
  reasons: Reason[],
  state: State,
  source: string,
  more: Omit<Supply, "coins">,
): LaneResult {
  return {
    status: reasons.length > 0 ? "degraded" : "ok",
    reasons,
    snapshots: { supply: { asOf: nowSec, sources: [{ id: source, observedAt: nowSec }], data: { coins, ...more } } },
    history: [],
    state: { supply: state },
    counts: {
      coinsWithSupply: coins.filter((coin) => coin.usd.current !== null).length,
      carriedForward: coins.filter((coin) => coin.carriedForward).length,
    },
  };
}

function failed(reason: Reason, state: State): LaneResult {
  return {
    status: "error",
    reasons: [reason],
    snapshots: {},
    withheld: ["supply"],
    history: [],
    state: { supply: state },
    counts: {},
  };
}
