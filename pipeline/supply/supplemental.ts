/**
 * Supply of coins that DefiLlama's list does not carry, and of four that it carries at zero. Pricing methodology, 19.2 and 19.3.
 *
 * CoinGecko's market cap first; where it has none, the contract's own total, and only where one contract stands for all there is.
 * One failed read, of a total or of a holder to leave out, makes the whole unknown: the last good supply stays for its time.
 */
import { blockProblem } from "../block-age.ts";
import type { LaneContext } from "../lane.ts";
import { ratesByPegType } from "../peg-figures.ts";
import type { Coin, Deployment } from "../schema/coin.ts";
import type { Reason } from "../schema/envelope.ts";
import type { CoinSupply } from "../schema/supply.ts";
import { type Erc20Supply, erc20Supply } from "../sources/erc20-supply.ts";
import { fromBaseUnits } from "../sources/numbers.ts";
import { feedOf } from "../sources/venue.ts";
import { zephyrLivestats } from "../sources/zephyr.ts";
import { isToken } from "../token-deployments.ts";
import { fromChain, fromMarketCap, isPlausibleUsd } from "./coin-supply.ts";
import { onchainSupply } from "./onchain-supply.ts";

/** Listed coins whose zero may be repaired on chain, reviewed one by one. */
const REPAIRED: readonly string[] = ["cadd-cad-digital", "jpym-mento", "zarm-mento", "xofm-mento"];

export function isSupplemental(coin: Coin): boolean {
  return coin.status.state === "active" && coin.ids.defillama === null;
}

/** Whether a listed row says nothing where there is something: its deployments may be asked. */
export function mayBeRepaired(coin: Coin, row: CoinSupply): boolean {
  return REPAIRED.includes(coin.id) && (row.usd.current === null || row.usd.current === 0);
}

interface Target {
  coin: Coin;
  tokens: Deployment[];
  holders: Deployment[];
}

/** What can be read of a coin's supply on chain; null where one deployment does not stand for all, or cannot be read. */
export function targetOf(coin: Coin, mayAddUp: boolean, nodes: (chain: string) => boolean): Target | null {
  const tokens = coin.deployments.filter(isToken);
  const holders = coin.deployments.filter((deployment) => !isToken(deployment));
  if (tokens.length === 0 || (!mayAddUp && tokens.length > 1)) return null;
  if (![...tokens, ...holders].every(({ chain }) => chain.startsWith("eip155:") && nodes(chain))) return null;
  return { coin, tokens, holders };
}

/** Tokens of one contract and of the holders on its chain; null for a read that failed. */
export function amounts(answer: Erc20Supply | undefined): { supply: number | null; balances: (number | null)[] } {
  const { totalSupply = null, decimals = null, balances = [] } = answer ?? {};
  const units = (text: string | null) => (text === null || decimals === null ? null : fromBaseUnits(text, decimals));
  return { supply: units(totalSupply), balances: balances.map(({ balance }) => units(balance)) };
}

/** USD per token: the last published price, else what one unit of the peg is worth. */
function priceOf(context: LaneContext): (coin: Coin) => number | null {
  const prices = new Map(
    (context.published("stablecoins")?.data.peggedAssets ?? []).map((asset) => [asset.id, asset.price]),
  );
  const fx = context.published("fx-rates")?.data ?? null;
  const rates = ratesByPegType(fx);
  return (coin) => {
    const published = prices.get(coin.id);
    if (published != null) return published;
    const rate = rates[coin.peg.type];
    const isBelieved =
      coin.peg.currency === "USD" || ["fresh", "static"].includes(fx?.rates[coin.peg.currency]?.referenceType ?? "");
    return rate === undefined || !isBelieved || coin.navToken ? null : rate * (coin.commodityOunces ?? 1);
  };
}

async function readChains(
  context: LaneContext,
  targets: readonly Target[],
): Promise<{ answers: Map<string, Erc20Supply>; failures: Reason[] }> {
  const answers = new Map<string, Erc20Supply>();
  const failures: Reason[] = [];
  const asked = targets.flatMap(({ tokens, holders }) =>
    tokens.map(({ chain, address }) => ({
      chain,
      address,
      holders: holders.filter((holder) => holder.chain === chain).map((holder) => holder.address),
    })),
  );
  for (const [chain, tokens] of Map.groupBy(asked, (token) => token.chain)) {
    const answer = await context.collect(erc20Supply, { chain, tokens });
    if (!answer.ok) {
      failures.push({ code: `onchain-supply-${answer.reason}`, message: `${chain}: ${answer.detail}` });
      continue;
    }
    const problem = blockProblem(chain, answer.value.blockTimestamp, context.nowSec);
    if (problem !== null) {
      failures.push({ code: "onchain-supply-stale", message: problem });
      continue;
    }
    for (const token of answer.value.tokens) answers.set(`${chain}/${token.address}`, token);
  }
  return { answers, failures };
}

/** Coins of Zephyr's private chain, which its own scanner alone can count; a share is worth what the same answer says. */
async function zephyrRows(
  context: LaneContext,
  coins: readonly Coin[],
  price: (coin: Coin) => number | null,
  last: ReadonlyMap<string, CoinSupply>,
): Promise<{ rows: CoinSupply[]; failures: Reason[] }> {
  const counted = coins.flatMap((coin) => {
    const feed = feedOf(coin, "zephyr-scanner");
    return feed === null ? [] : [{ coin, feed }];
  });
  if (counted.length === 0) return { rows: [], failures: [] };
  const answer = await context.collect(zephyrLivestats, {});
  if (!answer.ok)
    return { rows: [], failures: [{ code: `zephyr-supply-${answer.reason}`, message: `zephyr: ${answer.detail}` }] };
  const { circulating, quotes } = answer.value;
  const rows = counted.flatMap(({ coin, feed: { asset, quotesPrice } }) => {
    const units = circulating[asset];
    const usd = quotesPrice ? quotes.find(({ key }) => key === asset)?.priceUsd : price(coin);
    if (units === undefined || usd == null || !isPlausibleUsd(units * usd)) return [];
    const found = { supplyUsd: units * usd, supplySource: "onchain-circulating-supply" } as const;
    return [fromChain(coin, found, context.nowSec, last.get(coin.id))];
  });
  return { rows, failures: [] };
}

/**
 * Rows of the coins among `coins` that a market cap, a chain or its own scanner knows. `caps` are USD by CoinGecko id; a coin without one is read on
 * chain. Coins that nobody knows are absent.
 */
export async function supplementalSupply(
  context: LaneContext,
  coins: readonly Coin[],
  repaired: readonly Coin[],
  caps: ReadonlyMap<string, number>,
  last: ReadonlyMap<string, CoinSupply>,
): Promise<{ rows: Map<string, CoinSupply>; failures: Reason[] }> {
  const { nowSec, registry } = context;
  const rows = new Map<string, CoinSupply>();
  for (const coin of coins) {
    const cap = coin.ids.coingecko === null ? undefined : caps.get(coin.ids.coingecko);
    if (cap !== undefined) rows.set(coin.id, fromMarketCap(coin, cap, nowSec, last.get(coin.id)));
  }
  const price = priceOf(context);
  const counted = await zephyrRows(
    context,
    coins.filter((coin) => !rows.has(coin.id)),
    price,
    last,
  );
  for (const row of counted.rows) rows.set(row.coinId, row);
  const nodes = (chain: string) => (registry.chainById.get(chain)?.rpc.length ?? 0) > 0;
  const targets = [
    ...coins.filter((coin) => !rows.has(coin.id)).map((coin) => targetOf(coin, false, nodes)),
    ...repaired.map((coin) => targetOf(coin, true, nodes)),
  ].filter((target) => target !== null);
  const { answers, failures } = await readChains(context, targets);
  for (const { coin, tokens } of targets) {
    const read = tokens.map(({ chain, address }) => amounts(answers.get(`${chain}/${address.toLowerCase()}`)));
    const supplies = read.map(({ supply }) => supply);
    const total = supplies.every((supply) => supply !== null)
      ? supplies.reduce((sum, supply) => sum + supply, 0)
      : null;
    const exclusions = read.flatMap(({ balances }) => balances);
    const found = onchainSupply([{ supply: total, supported: true }], price(coin), exclusions);
    if (found && isPlausibleUsd(found.supplyUsd)) rows.set(coin.id, fromChain(coin, found, nowSec, last.get(coin.id)));
  }
  return { rows, failures: [...counted.failures, ...failures] };
}
