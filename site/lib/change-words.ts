/** A change of a day in words, grouped as the page shows them. */
import type { ChangeKind, DailyChange } from "../../pipeline/schema/daily-changes.ts";
import { bps, changeRatio, percentChange, price, usd } from "./format.ts";

type Change = Pick<DailyChange, "kind" | "before" | "after" | "beforeText" | "afterText">;

/** What each kind is called, in the order of the page. */
export const CHANGE_GROUPS: readonly { title: string; kinds: readonly ChangeKind[] }[] = [
  { title: "Depegs that began or ended", kinds: ["depeg-began", "depeg-ended"] },
  { title: "Prices lost and found", kinds: ["price-lost", "price-back"] },
  { title: "Distance from the peg", kinds: ["deviation"] },
  { title: "Supply", kinds: ["supply"] },
  { title: "Redemption routes", kinds: ["route"] },
  { title: "Stability index", kinds: ["stability-band"] },
  { title: "Early warnings", kinds: ["stress-band"] },
  { title: "Grades", kinds: ["grade"] },
  { title: "DEX exits", kinds: ["dex-score"] },
];

export const OUR_KINDS: readonly ChangeKind[] = ["method-version", "coin-added", "coin-removed", "coin-facts"];

const points = (value: number | null) => (value === null ? "n/a" : String(Math.round(value)));

function ended(reason: string | null): string {
  if (reason === "recovered") return "back at its peg";
  if (reason === "direction-flip") return "went to the other side";
  return `ended, not observed (${(reason ?? "unknown").replaceAll("-", " ")})`;
}

export function changeText({ kind, before, after, beforeText, afterText }: Change): string {
  switch (kind) {
    case "deviation":
      return `${bps(before)} to ${bps(after)} bps`;
    case "supply":
      return `${usd(before)} to ${usd(after)} (${percentChange(changeRatio(after, before))})`;
    case "price-lost":
      return `no price any more${afterText ? `: ${afterText.replaceAll("-", " ")}` : ""}; last ${price(before)}`;
    case "price-back":
      return `priced again at ${price(after)}`;
    case "depeg-began":
      return `left its peg, ${bps(after)} bps at worst so far`;
    case "depeg-ended":
      return `${ended(afterText)}; ${bps(before)} bps at worst`;
    case "grade":
      return `${beforeText} (${points(before)}) to ${afterText} (${points(after)})`;
    case "dex-score":
      return `score ${points(before)} to ${points(after)}`;
    case "stress-band":
      return `${beforeText?.toLowerCase()} to ${afterText?.toLowerCase()}`;
    case "stability-band":
      return `${beforeText?.toLowerCase()} (${points(before)}) to ${afterText?.toLowerCase()} (${points(after)})`;
    case "route":
      return `${beforeText} to ${afterText}`;
    case "method-version":
      return `the method changed from ${beforeText} to ${afterText}`;
    case "coin-added":
      return "added to the registry";
    case "coin-removed":
      return "taken from the registry";
    case "coin-facts":
      return "facts on file changed";
  }
}

/** Why it may have moved, where it was not the world alone. */
export const CAUSE_TEXT = {
  method: "perhaps by our method",
  registry: "perhaps by our facts",
} as const satisfies Record<Exclude<DailyChange["cause"], "world">, string>;
