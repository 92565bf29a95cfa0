/** Up to five coins side by side: which facts, in which order, in which words. */
import type { CoinProfile } from "../api/profiles.ts";
import { bps, percentChange, price, UNKNOWN, usd } from "./format.ts";

export const MOST_COMPARED = 5;

/** Ids of a "coins" query, each once, at most five. */
export function comparedFrom(text: string): string[] {
  return [...new Set(text.split(",").filter((id) => /^[a-z0-9-]+$/.test(id)))].slice(0, MOST_COMPARED);
}

export interface Compared {
  label: string;
  /** Text, or the text with the reason of an n/a. */
  cell(coin: CoinProfile): { text: string; why?: string | undefined };
}

export interface ComparedGroup {
  title: string;
  rows: Compared[];
}

const known = (text: string, why?: string | null) => (text === UNKNOWN && why ? { text, why } : { text });
const points = (value: number | null | undefined) => (value === null || value === undefined ? UNKNOWN : String(value));
const words = (text: string | null | undefined) => (text ? text.replaceAll("-", " ") : UNKNOWN);
const noCard = "no card, or a fact it needs is not on file";

function largestChains(coin: CoinProfile): string {
  const chains = Object.entries(coin.chains ?? {}).slice(0, 3);
  return chains.length === 0
    ? UNKNOWN
    : chains.map(([name, share]) => `${name} ${share < 0.01 ? "<1" : (share * 100).toFixed(0)} %`).join(", ");
}

export const COMPARED: readonly ComparedGroup[] = [
  {
    title: "Peg",
    rows: [
      { label: "Price, USD", cell: (coin) => known(price(coin.priceUsd), coin.priceReason) },
      { label: "From peg, bps", cell: (coin) => known(bps(coin.deviationBps), coin.deviationReason) },
      { label: "Confidence", cell: (coin) => ({ text: words(coin.priceConfidence) }) },
      { label: "Peg score", cell: (coin) => known(points(coin.peg?.score), "under seven days of tracking, or no peg") },
      {
        label: "Time at peg",
        cell: (coin) => known(coin.peg ? `${coin.peg.pct.toFixed(2)} %` : UNKNOWN, "no fixed peg to measure"),
      },
      { label: "Worst on record, bps", cell: (coin) => known(bps(coin.peg?.worstBps ?? null), "no depeg on record") },
      { label: "Depegs on record", cell: (coin) => ({ text: points(coin.peg?.events) }) },
    ],
  },
  {
    title: "Size",
    rows: [
      { label: "Supply", cell: (coin) => ({ text: usd(coin.supplyUsd) }) },
      { label: "In seven days", cell: (coin) => ({ text: percentChange(coin.change7d) }) },
      {
        label: "Net mints, seven days",
        cell: (coin) => known(usd(coin.netFlow7dUsd), "its mints and burns are not read"),
      },
      { label: "Largest chains", cell: (coin) => ({ text: largestChains(coin) }) },
    ],
  },
  {
    title: "Getting out",
    rows: [
      { label: "Exit, best path", cell: (coin) => known(points(coin.exit?.score), "no route is resolved") },
      {
        label: "Leaves by redemption now",
        cell: (coin) => known(usd(coin.exit?.nowUsd ?? null), coin.exit ? "not measured" : "no route known"),
      },
      { label: "When", cell: (coin) => ({ text: coin.exit?.when ?? UNKNOWN }) },
      { label: "Who may", cell: (coin) => ({ text: coin.exit?.who ?? UNKNOWN }) },
      { label: "Fee, bps", cell: (coin) => known(points(coin.exit?.feeBps), "no number published") },
      { label: "DEX liquidity score", cell: (coin) => known(points(coin.dexScore), "no pool was found") },
      { label: "In DEX pools", cell: (coin) => ({ text: usd(coin.dexTvlUsd) }) },
    ],
  },
  {
    title: "Safety",
    rows: [
      {
        label: "Grade",
        cell: (coin) => known(coin.grade ? `${coin.grade} (${points(coin.overallScore)})` : UNKNOWN, noCard),
      },
      { label: "Exits", cell: (coin) => known(points(coin.dimensions?.liquidity), noCard) },
      { label: "Reserves", cell: (coin) => known(points(coin.dimensions?.resilience), noCard) },
      { label: "Control", cell: (coin) => known(points(coin.dimensions?.decentralization), noCard) },
      { label: "Upstream", cell: (coin) => known(points(coin.dimensions?.dependencyRisk), noCard) },
      {
        label: "Early warning",
        cell: (coin) => ({
          text: coin.stress?.band ? `${coin.stress.band.toLowerCase()} (${points(coin.stress.score)})` : UNKNOWN,
        }),
      },
      { label: "Freezable", cell: (coin) => ({ text: words(coin.freezability) }) },
      { label: "Backing", cell: (coin) => ({ text: words(coin.backing) }) },
      { label: "Made of", cell: (coin) => ({ text: coin.parentId ?? "itself, as far as is on file" }) },
    ],
  },
];
