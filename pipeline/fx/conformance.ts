/** Cases of `vectors/pricing.json` that the FX lane answers. */
import { z } from "zod";
import { MaybeNumber, MaybeText, NumberOrNaN, parsedOrNull } from "../conformance/input.ts";
import { fxRateBounds, normalizePegTypeFromCurrency } from "../peg-bounds.ts";
import { FxCadenceSchema } from "../schema/fx-rates.ts";
import { fawazahmed0Jsdelivr, fawazahmed0Pages } from "../sources/fawazahmed0.ts";
import { chainlinkDecode, chainlinkUsable } from "./chainlink-round.ts";
import { chooseSecondaryFx, fxReferenceType, validateFxRate } from "./rate-rules.ts";

const RateInput = z.object({ key: z.string(), rate: NumberOrNaN, previous: MaybeNumber });
const ReferenceInput = z.object({
  mode: z.enum(["live", "cached", "stale", "hardcoded"]).nullish(),
  cadence: FxCadenceSchema.nullish(),
  updatedAt: MaybeNumber,
  sourceDate: MaybeText,
  nowSec: NumberOrNaN,
});
const SecondaryInput = z.object({ jsdelivr: z.unknown().optional(), pages: z.unknown().optional() });
const RoundInput = z.object({
  answer: z.union([z.string(), z.number().transform(String)]).nullish(),
  decimals: NumberOrNaN,
  updatedAt: NumberOrNaN,
  staleAfterSec: NumberOrNaN,
  nowSec: NumberOrNaN,
});

export const conformance: Record<string, (input: unknown) => unknown> = {
  validateFxRate(input) {
    const { key, rate, previous } = RateInput.parse(input);
    return validateFxRate(key, rate, previous);
  },
  fxReferenceType(input) {
    const { mode, cadence, updatedAt, sourceDate, nowSec } = ReferenceInput.parse(input);
    return fxReferenceType(mode ?? "live", cadence, updatedAt, sourceDate, nowSec);
  },
  chooseSecondaryFx(input) {
    const given = SecondaryInput.parse(input);
    const jsdelivr = parsedOrNull(() => fawazahmed0Jsdelivr.parse(given.jsdelivr, {}));
    const pages = parsedOrNull(() => fawazahmed0Pages.parse(given.pages, {}));
    const chosen = chooseSecondaryFx(jsdelivr, pages);
    const rates = (chosen === "pages" ? pages : jsdelivr)?.rates ?? {};
    const known = Object.entries(rates).filter(([code]) => fxRateBounds(code) !== null);
    return {
      chosen,
      rates: Object.fromEntries(known.map(([code, rate]) => [normalizePegTypeFromCurrency(code), rate])),
    };
  },
  chainlinkDecode: (input) => chainlinkDecode(z.object({ hex: MaybeText }).parse(input).hex ?? ""),
  chainlinkUsable(input) {
    const { answer, decimals, updatedAt, staleAfterSec, nowSec } = RoundInput.parse(input);
    return chainlinkUsable(answer ?? "", decimals, updatedAt, staleAfterSec, nowSec);
  },
};
