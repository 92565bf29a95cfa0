/**
 * Prices that a redemption sets: what a wrapper pays out beats what its thin market shows. Pricing methodology, section 11.
 *
 * Par, inheritance, inheritance less a fee, and contracts that say what a share or a token is redeemed for. A parent must be
 * trustworthy itself, a conversion must be plausible, and the result must pass the publication policy; else the market price stands.
 */
import { type Abi, type Address, parseAbi } from "viem";
import type { LaneContext } from "../lane.ts";
import { isReplaySafe } from "../price-sources.ts";
import type { Reason } from "../schema/envelope.ts";
import type { PriceFeed } from "../schema/price-feed.ts";
import { contractReads } from "../sources/contract-reads.ts";
import { fromBaseUnits } from "../sources/numbers.ts";
import type { ContractRead } from "../sources/read-contracts.ts";
import { feedOf } from "../sources/venue.ts";
import { tokenDeployments } from "../token-deployments.ts";
import { sourceFreshness } from "./freshness.ts";
import { failure } from "./passes/pass.ts";
import { type BoardRow, largestFirst, type PriceBoard } from "./price-board.ts";
import { pegReferenceUsd, referenceTypeOf } from "./validation.ts";

export const REDEEM_SOURCE = "protocol-redeem";
/** Assets per share outside are a wrong contract or wrong decimals. */
const CONVERSION_RANGE = [0.2, 20] as const;

type RedeemParent = Extract<PriceFeed, { kind: "redeem-parent" }>;
type Vault = Extract<PriceFeed, { kind: "erc4626-parent" }>;
export type RedemptionFeed = RedeemParent | Vault | Extract<PriceFeed, { kind: "redeem-par" }>;

/** The redemption that sets a coin's price, or null. */
export function redemptionOf(row: Pick<BoardRow, "coin">): RedemptionFeed | null {
  if (row.coin.status.state !== "active") return null;
  const vault = feedOf(row.coin, "erc4626-parent");
  return feedOf(row.coin, "redeem-parent") ?? feedOf(row.coin, "redeem-par") ?? (vault?.overridesPrice ? vault : null);
}

const QUOTES_ABI = parseAbi([
  "function convertToAssets(uint256 shares) view returns (uint256)",
  "function previewRedeem(uint256 shares) view returns (uint256)",
  "function getBurnAmount(address asset, uint256 amountIn) view returns (uint256)",
  "function receiptToAsset(uint256 amount) view returns (uint256)",
  "function virtualPrice(address tranche) view returns (uint256)",
]) as Abi;

interface Reading {
  row: BoardRow;
  chain: string;
  read: ContractRead;
  /** Decimals of the asset that is paid out. */
  assetDecimals: number;
}

/** The contract question a feed needs, or null where it needs none or where a fact is not known. */
function readingOf(row: BoardRow, feed: RedemptionFeed, board: PriceBoard): Reading | null {
  if (feed.kind === "redeem-par") return null;
  if (feed.kind === "redeem-parent" && feed.basis === "inherit") return null;
  const own = tokenDeployments(row.coin).find(({ chain }) => chain.startsWith("eip155:"));
  const parent = board.row(feed.parent);
  const parentToken = parent && own && tokenDeployments(parent.coin).find(({ chain }) => chain === own.chain);
  if (!own || !parentToken || own.decimals === null || parentToken.decimals === null) return null;
  const oneToken = 10n ** BigInt(own.decimals);
  const reading = (address: string, functionName: string, args: readonly unknown[]): Reading => ({
    row,
    chain: own.chain,
    assetDecimals: parentToken.decimals as number,
    read: { address: address as Address, abi: QUOTES_ABI, functionName, args },
  });
  if (feed.kind === "erc4626-parent") return reading(own.address, feed.call, [oneToken]);
  if (feed.contract === null) return null;
  if (feed.basis === "getBurnAmount") return reading(feed.contract, feed.basis, [parentToken.address, oneToken]);
  return reading(feed.contract, feed.basis, [feed.basis === "virtualPrice" ? own.address : oneToken]);
}

/** What the redemptions' contracts say now: units of the parent per token, by coin id. */
export type Conversions = ReadonlyMap<string, { ratio: number; observedAt: number }>;

export async function readConversions(
  context: LaneContext,
  board: PriceBoard,
): Promise<{ conversions: Conversions; failures: Reason[] }> {
  const conversions = new Map<string, { ratio: number; observedAt: number }>();
  const failures: Reason[] = [];
  const readings = board.rows.flatMap((row) => {
    const feed = redemptionOf(row);
    return (feed && readingOf(row, feed, board)) ?? [];
  });
  for (const [chain, group] of Map.groupBy(readings, (reading) => reading.chain)) {
    const answer = await context.collect(contractReads, { chain, reads: group.map(({ read }) => read) });
    if (!answer.ok) {
      failures.push(...failure("protocol-redeem", answer));
      continue;
    }
    const { accepted, reason } = sourceFreshness(
      REDEEM_SOURCE,
      answer.value.block.timestamp,
      "upstream",
      context.nowSec,
    );
    if (!accepted) {
      const message = `${chain}: the newest block its node knows is of another time (${reason}); no redemption is read there`;
      failures.push({ code: "protocol-redeem-stale", message });
      continue;
    }
    for (const [index, { row, assetDecimals }] of group.entries()) {
      const value = answer.value.results[index];
      const ratio = typeof value === "bigint" ? fromBaseUnits(value.toString(), assetDecimals) : null;
      if (ratio !== null && ratio >= CONVERSION_RANGE[0] && ratio <= CONVERSION_RANGE[1])
        conversions.set(row.coin.id, { ratio, observedAt: answer.value.block.timestamp });
    }
  }
  return { conversions, failures };
}

interface Redemption {
  price: number;
  observedAt: number | null;
  /** The parent's own label, where a single source of it may be followed and is. */
  followed: { source: string; agreeSources: string[] } | null;
}

/** Whether a parent's price is good enough to stand for its wrapper; a followed single source keeps its own name. */
function parentPrice(parent: BoardRow | undefined, feed: RedeemParent | Vault): Redemption | null {
  const { price, priceSource, priceConfidence, priceObservedAt, agreeSources } = parent?.chosen ?? { price: null };
  if (price === null || !priceSource || priceSource === "cached") return null;
  const isAuthoritative = priceSource === REDEEM_SOURCE;
  if (isAuthoritative || (priceConfidence === "high" && isReplaySafe(priceSource)))
    return { price, observedAt: priceObservedAt, followed: null };
  const mayFollow = feed.kind === "redeem-parent" && feed.mayFollowSingleSource;
  if (mayFollow && priceConfidence === "single-source" && isReplaySafe(priceSource))
    return { price, observedAt: priceObservedAt, followed: { source: priceSource, agreeSources } };
  return null;
}

export function redemptionPrice(row: BoardRow, board: PriceBoard, conversions: Conversions): Redemption | null {
  const feed = redemptionOf(row);
  if (feed === null) return null;
  if (feed.kind === "redeem-par") {
    const isDollar = row.coin.peg.currency === "USD";
    // Par stands only while somebody sees tokens that could be redeemed.
    if (!row.supplyIsCurrent || !(row.circulatingUsd !== null && row.circulatingUsd > 0)) return null;
    if (!isDollar && !["fresh", "static"].includes(referenceTypeOf(row.context, board.references))) return null;
    const price = pegReferenceUsd(row.context, board.references);
    return price === null ? null : { price, observedAt: board.nowSec, followed: null };
  }
  const parent = parentPrice(board.row(feed.parent), feed);
  if (!parent) return null;
  if (feed.kind === "redeem-parent" && feed.basis === "inherit")
    return { ...parent, price: parent.price * (1 - (feed.feeRatio ?? 0)) };
  const conversion = conversions.get(row.coin.id);
  if (!conversion) return null;
  const observedAt = Math.min(conversion.observedAt, parent.observedAt ?? conversion.observedAt);
  return { ...parent, price: parent.price * conversion.ratio, observedAt };
}

/** Parents before their wrappers, unpriced coins first among equals, then the larger. */
function inOrder(board: PriceBoard): BoardRow[] {
  const rows = board.rows.filter((row) => redemptionOf(row) !== null);
  const depth = (row: BoardRow, seen = new Set<string>()): number => {
    const feed = redemptionOf(row);
    const parent = feed && "parent" in feed && !seen.has(feed.parent) ? board.row(feed.parent) : undefined;
    return parent && redemptionOf(parent) ? 1 + depth(parent, seen.add(row.coin.id)) : 0;
  };
  return rows.sort(
    (a, b) =>
      depth(a) - depth(b) || Number(a.chosen.price !== null) - Number(b.chosen.price !== null) || largestFirst(a, b),
  );
}

/** Puts redemption prices in place where they may stand. Gives the coins whose price moved by more than 100 bps. */
export function overrideByRedemption(
  board: PriceBoard,
  conversions: Conversions,
): { applied: number; moved: string[] } {
  const moved: string[] = [];
  let applied = 0;
  for (const row of inOrder(board)) {
    const found = redemptionPrice(row, board, conversions);
    if (!found) continue;
    const before = row.chosen.price;
    const refusal = board.offer(row, {
      source: found.followed?.source ?? REDEEM_SOURCE,
      price: found.price,
      confidence: found.followed ? "single-source" : "high",
      observedAt: found.observedAt,
      observedAtMode: found.followed ? "local_fetch" : "upstream",
      mode: "primary_authoritative",
      ...(found.followed ? { agreeSources: found.followed.agreeSources } : {}),
    });
    if (refusal !== null) continue;
    applied++;
    if (before !== null && Math.abs(found.price / before - 1) > 0.01) moved.push(row.coin.id);
  }
  return { applied, moved };
}
