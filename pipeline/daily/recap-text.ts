/** The recap as sentences: five to eight, from the week's facts alone, the same facts giving the same words. */
import type { WeeklyFacts } from "../schema/weekly-digest.ts";
import { freezeSentence, ourSentence } from "./shared-sentences.ts";
import { bpsText, listed, percent, type Sentence, signed, times, usdText } from "./words.ts";

const mornings = (n: number) => times(n, "morning");

function marketText({ market, days }: WeeklyFacts): Sentence {
  const movers = market.largestMovers7d.map(
    ({ symbol, changeUsd, change }) =>
      `${symbol} ${changeUsd < 0 ? "less" : "more"} by ${usdText(changeUsd)} (${percent(change)})`,
  );
  const moved = movers.length > 0 ? ` The largest moves of the week: ${listed(movers)}.` : "";
  return `In the week to ${days.at(-1)}, told by ${mornings(days.length)}, stablecoins came to ${usdText(market.totalUsd)}, ${percent(market.change7d)} in seven days.${moved}`;
}

function depegText({ depegs }: WeeklyFacts): Sentence {
  if (!depegs) return "Which coins were off their peg is not known of this week.";
  const ended = depegs.ended.map(
    ({ symbol, peakBps, recovered }) =>
      `${symbol} (${bpsText(peakBps)} at worst${recovered ? "" : ", its return was not observed"})`,
  );
  const back = ended.length > 0 ? ` Ended in the week: ${listed(ended)}.` : "";
  if (depegs.mostOpen === 0) return `No tracked coin was off its peg on any of ${mornings(depegs.known)}.${back}`;
  const off = depegs.offPeg
    .slice(0, 4)
    .map(({ symbol, worstBps, mornings: n }) => `${symbol} (${bpsText(worstBps)} at worst, ${mornings(n)})`);
  const who = off.length > 0 ? `, the heaviest ${listed(off)}` : "";
  return `At most ${times(depegs.mostOpen, "coin was", "coins were")} off ${depegs.mostOpen === 1 ? "its" : "their"} peg on a morning${who}.${back}`;
}

function stabilityText({ stability }: WeeklyFacts): Sentence {
  if (!stability) return "The stability index is not known of this week.";
  const { first, last, lastBand, lowest, lowestDay } = stability;
  return `The stability index went from ${first.toFixed(1)} to ${last.toFixed(1)}, ${lastBand.toLowerCase()}; its lowest morning was ${lowestDay} with ${lowest.toFixed(1)}.`;
}

function flowText({ flows }: WeeklyFacts): Sentence {
  if (!flows) return "Mints and burns are not known of this week.";
  const { gaugeLowest: low, gaugeHighest: high, gaugeLast: last, flightMornings } = flows;
  const gauge =
    low === null || high === null || last === null
      ? "The flow gauge had no reading"
      : `The flow gauge read between ${signed(low, 0)} and ${signed(high, 0)}, ${signed(last, 0)} at the end`;
  const flight =
    flightMornings === null
      ? "whether holders fled to quality is not known"
      : `with a flight to quality on ${flightMornings === 0 ? "no morning" : mornings(flightMornings)}`;
  return `${gauge}, ${flight}.`;
}

function judgementText({ stress, grades }: WeeklyFacts): Sentence {
  const alerted = (stress?.alerted ?? [])
    .slice(0, 4)
    .map(({ symbol, score, band, mornings: n }) => `${symbol} (${score}, ${band.toLowerCase()}, ${mornings(n)})`);
  const alerts = !stress
    ? "Early warnings are not known of this week."
    : alerted.length === 0
      ? "No coin was on alert by its early warnings."
      : `On alert or worse by early warnings: ${listed(alerted)}.`;
  const changes = (grades?.changes ?? []).slice(0, 8).map(({ symbol, from, to }) => `${symbol} ${from} to ${to}`);
  const regraded =
    grades && grades.regraded > 0
      ? ` ${grades.regraded} grades moved at once, which is taken for a re-grade and left out.`
      : "";
  const moved = !grades
    ? " Grades are not known of this week."
    : changes.length > 0
      ? ` Grades that changed: ${listed(changes)}.`
      : regraded === ""
        ? " No grade changed."
        : "";
  return alerts + moved + regraded;
}

function marginText({ yields, dexScores }: WeeklyFacts): Sentence {
  const parts = [
    dexScores && dexScores.length > 0
      ? `DEX exits that moved by eight points or more: ${listed(dexScores.map(({ symbol, before, after }) => `${symbol} ${before} to ${after}`))}.`
      : null,
    yields && yields.length > 0
      ? `Yields with a warning on most mornings: ${listed(yields.map(({ symbol, mornings: n }) => `${symbol} (${n})`))}.`
      : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(" ") : null;
}

export function recapSentences(facts: WeeklyFacts): string[] {
  const missing = facts.gaps.map(({ source, mornings: n }) => `${source.replaceAll("-", " ")} (${mornings(n)})`);
  return [
    marketText(facts),
    depegText(facts),
    stabilityText(facts),
    flowText(facts),
    judgementText(facts),
    freezeSentence(facts.freezes),
    marginText(facts),
    ourSentence(facts.method, missing, "this week"),
  ].filter((sentence) => sentence !== null);
}

export function recapTitle({ market, depegs, stability }: WeeklyFacts): string {
  const pegs = !depegs
    ? "pegs not known"
    : depegs.mostOpen === 0
      ? "no coin off its peg on a morning"
      : `${times(depegs.mostOpen, "coin")} off ${depegs.mostOpen === 1 ? "its" : "their"} peg at most`;
  const index = stability ? `, index ${stability.first.toFixed(1)} to ${stability.last.toFixed(1)}` : "";
  return `The week: ${pegs}${index}, market ${usdText(market.totalUsd)} (${percent(market.change7d)})`;
}
