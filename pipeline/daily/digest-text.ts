/**
 * The digest as sentences: five to eight, from the facts alone, the same facts giving the same words.
 *
 * What is not known is said to be not known; direction is said of net flows only, pressure only against a coin's own thirty days.
 */
import type { DigestFacts } from "../schema/digest.ts";

const MINUS = "−";
const NOTABLE_FREEZES = 2;
const NOTABLE_FREEZE_USD = 10e6;

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? MINUS : "+"}${text}`;
}

function percent(share: number | null): string {
  return share === null ? "by an unknown share" : `${signed(share * 100, 2)} %`;
}

export function bpsText(bps: number): string {
  return `${signed(bps, 0)} bps`;
}

export function usdText(usd: number): string {
  const size = Math.abs(usd);
  const [divisor, unit] = size >= 1e9 ? [1e9, "bn"] : size >= 1e6 ? [1e6, "m"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  return `$${(size / divisor).toFixed(size >= 1e6 && size / divisor < 10 ? 2 : size >= 1e6 ? 1 : 0)}${unit}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function times(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

type Sentence = string | null;

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

function freezeText({ freezes }: DigestFacts): Sentence {
  if (!freezes || (freezes.events < NOTABLE_FREEZES && freezes.usd < NOTABLE_FREEZE_USD)) return null;
  const unknown = freezes.unknownAmounts > 0 ? `, ${freezes.unknownAmounts} of unknown amount` : "";
  return `Issuers froze or emptied ${times(freezes.events, "address", "addresses")}, ${usdText(freezes.usd)} where the amount is known${unknown}.`;
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

function ourText({ method, degradedSources }: DigestFacts): Sentence {
  const ours = [
    method.changed ? "the method changed" : null,
    method.coinsAdded > 0 ? `${times(method.coinsAdded, "coin was", "coins were")} added` : null,
    method.coinsRemoved > 0 ? `${times(method.coinsRemoved, "coin was", "coins were")} taken out` : null,
    method.factsChanged > 0 ? `facts of ${times(method.factsChanged, "coin")} changed` : null,
  ].filter((part) => part !== null);
  const parts = [
    ours.length > 0 ? `On our side ${listed(ours)}: numbers may have moved for that.` : null,
    degradedSources.length > 0
      ? `Missing this morning: ${listed(degradedSources.map(({ reason }) => reason.replaceAll("-", " ")))}.`
      : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(" ") : null;
}

/** Five to eight sentences or short groups of them, the most important first. */
export function digestSentences(facts: DigestFacts): string[] {
  return [
    marketText(facts),
    depegText(facts),
    stabilityText(facts),
    flowText(facts),
    judgementText(facts),
    freezeText(facts),
    marginText(facts),
    ourText(facts),
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
