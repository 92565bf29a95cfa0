/** Sentences that the digest and the recap share: what issuers froze, and what we changed or could not read ourselves. */
import type { DigestFacts } from "../schema/digest.ts";
import { listed, type Sentence, times, usdText } from "./words.ts";

const NOTABLE_FREEZES = 2;
const NOTABLE_FREEZE_USD = 10e6;

export function freezeSentence(freezes: DigestFacts["freezes"]): Sentence {
  if (!freezes || (freezes.events < NOTABLE_FREEZES && freezes.usd < NOTABLE_FREEZE_USD)) return null;
  const unknown = freezes.unknownAmounts > 0 ? `, ${freezes.unknownAmounts} of unknown amount` : "";
  return `Issuers froze or emptied ${times(freezes.events, "address", "addresses")}, ${usdText(freezes.usd)} where the amount is known${unknown}.`;
}

/** `missing` in words; `when` is the span they were missing in. */
export function ourSentence(method: DigestFacts["method"], missing: readonly string[], when: string): Sentence {
  const ours = [
    method.changed ? "the method changed" : null,
    method.coinsAdded > 0 ? `${times(method.coinsAdded, "coin was", "coins were")} added` : null,
    method.coinsRemoved > 0 ? `${times(method.coinsRemoved, "coin was", "coins were")} taken out` : null,
    method.factsChanged > 0 ? `facts of ${times(method.factsChanged, "coin")} changed` : null,
  ].filter((part) => part !== null);
  const parts = [
    ours.length > 0 ? `On our side ${listed(ours)}: numbers may have moved for that.` : null,
    missing.length > 0 ? `Missing ${when}: ${listed(missing)}.` : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(" ") : null;
}
