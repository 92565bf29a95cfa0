/**
 * The digest as sentences: five to eight, from the facts alone, the same facts giving the same words.
 *
 * What is not known is said to be not known; direction is said of net flows only, pressure only against a coin's own thirty days.
 */
import type { DigestFacts } from "../schema/digest.ts";
import { freezeSentence, ourSentence } from "./shared-sentences.ts";
import { bpsText, listed, percent, type Sentence, signed, times, usdText } from "./words.ts";

function marketText({ market }: DigestFacts): Sentence {
  const { largestMover: mover } = market;
  const moved = mover
    ? ` The largest move of a day is ${mover.symbol}'s: ${mover.changeUsd < 0 ? "less" : "more"} by ${usdText(mover.changeUsd)} (${percent(mover.change)}).`
    : "";
  return `Stablecoins add up to ${usdText(market.totalUsd)}, ${percent(market.change7d)} in seven days and ${percent(market.change24h)} in one.${moved}`;
}

function depegText({ depegs }: DigestFacts): Sentence {
  if (!depegs) return "Which coins are off their peg is not known this morning.";
  const ended = depegs.ended.map(
    ({ symbol, peakBps, recovered }) =>
      `${symbol} (${bpsText(peakBps)} at worst${recovered ? "" : ", its return was not observed"})`,
  );
  const back = ended.length > 0 ? ` Ended since: ${listed(ended)}.` : "";
  if (depegs.open === 0) return `No tracked coin is off its peg.${back}`;
  const worst = depegs.worst
    .slice(0, 3)
    .map(({ symbol, bps, supplyUsd }) => `${symbol} (${bpsText(bps)}, ${usdText(supplyUsd)})`);
  const heaviest =
    worst.length > 0 ? ` ${depegs.open > 1 ? "The heaviest by distance and size: " : ""}${listed(worst)}.` : "";
  return `${times(depegs.open, "coin is", "coins are")} off ${depegs.open === 1 ? "its" : "their"} peg.${heaviest}${back}`;
}

function stabilityText({ stability }: DigestFacts): Sentence {
  if (!stability) return "The stability index is not known this morning.";
  const { score, band, change24h, change7d } = stability;
  const since = [
    change24h === null ? null : `${signed(change24h, 1)} since the last digest`,
    change7d === null ? null : `${signed(change7d, 1)} against the mean of the day a week ago`,
  ].filter((part) => part !== null);
  return `The stability index stands at ${score.toFixed(1)} of 100, ${band.toLowerCase()}${since.length > 0 ? ` (${since.join(", ")})` : ""}.`;
}

function flowText({ flows, velocity }: DigestFacts): Sentence {
  const odd = velocity.map(({ symbol, day, week, kind }) =>
    kind === "reversal"
      ? `${symbol} turned (${percent(day)} in a day, ${percent(week)} in the week)`
      : `${symbol} moves faster than its week (${percent(day)} in a day)`,
  );
  const pace = odd.length > 0 ? ` Of the ten largest, ${listed(odd)}.` : "";
  if (!flows) return `Mints and burns are not known this morning.${pace}`;
  const gauge =
    flows.gauge === null
      ? "The flow gauge has no reading"
      : `The flow gauge reads ${signed(flows.gauge, 0)}${flows.band ? `, ${flows.band.toLowerCase()}` : ""}`;
  const flight =
    flows.flightToQuality === null
      ? "whether holders flee to quality is not known"
      : flows.flightToQuality
        ? "with a flight to quality"
        : "without a flight to quality";
  const pressed = flows.pressed.slice(0, 3).map(({ symbol, score }) => `${symbol} ${signed(score, 0)}`);
  const pressure = pressed.length > 0 ? ` Against their own thirty days stand out ${listed(pressed)}.` : "";
  return `${gauge}, ${flight}.${pressure}${pace}`;
}

function judgementText({ stress, grades }: DigestFacts): Sentence {
  const alerts = !stress
    ? "Early warnings are not known this morning."
    : stress.alerted === 0
      ? "No coin is on alert by its early warnings."
      : `${times(stress.alerted, "coin is", "coins are")} on alert or worse by early warnings, first ${listed(
          stress.worst.slice(0, 3).map(({ symbol, score, band }) => `${symbol} (${score}, ${band.toLowerCase()})`),
        )}.`;
  const regrade = !grades
    ? " Grades are not known this morning."
    : grades.regraded > 0
      ? ` ${grades.regraded} grades moved at once, which is taken for a re-grade and left out.`
      : grades.changes.length > 0
        ? ` Grades that changed in two days: ${listed(grades.changes.slice(0, 6).map(({ symbol, from, to }) => `${symbol} ${from} to ${to}`))}.`
        : " No grade changed in two days.";
  const moved = (stress?.changes ?? [])
    .slice(0, 4)
    .map(({ symbol, from, to }) => `${symbol} ${from.toLowerCase()} to ${to.toLowerCase()}`);
  const bands = moved.length > 0 ? ` Warnings that changed: ${listed(moved)}.` : "";
  return alerts + bands + regrade;
}

function marginText({ yields, dexScores }: DigestFacts): Sentence {
  const parts = [
    dexScores && dexScores.length > 0
      ? `DEX exits that moved by eight points or more: ${listed(dexScores.slice(0, 4).map(({ symbol, before, after }) => `${symbol} ${before} to ${after}`))}.`
      : null,
    yields && yields.length > 0
      ? `Yields with a warning: ${listed(yields.slice(0, 4).map(({ symbol, warnings }) => `${symbol} (${warnings.join(", ").replaceAll("-", " ")})`))}.`
      : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(" ") : null;
}

/** Five to eight sentences or short groups of them, the most important first. */
export function digestSentences(facts: DigestFacts): string[] {
  const missing = facts.degradedSources.map(({ reason }) => reason.replaceAll("-", " "));
  return [
    marketText(facts),
    depegText(facts),
    stabilityText(facts),
    flowText(facts),
    judgementText(facts),
    freezeSentence(facts.freezes),
    marginText(facts),
    ourSentence(facts.method, missing, "this morning"),
  ].filter((sentence) => sentence !== null);
}

export function digestTitle({ depegs, stability, market }: DigestFacts): string {
  const [worst] = depegs?.worst ?? [];
  const pegs = !depegs
    ? "Pegs not known"
    : depegs.open === 0
      ? "All tracked pegs hold"
      : worst
        ? `${worst.symbol} ${bpsText(worst.bps)} from its peg${depegs.open > 1 ? `, ${times(depegs.open - 1, "other")} off` : ""}`
        : `${times(depegs.open, "coin")} off their peg`;
  const calm = stability ? `, index ${stability.score.toFixed(1)} ${stability.band.toLowerCase()}` : "";
  return `${pegs}${calm}, market ${usdText(market.totalUsd)}`;
}
