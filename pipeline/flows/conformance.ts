/** Cases of `vectors/flows.json`, and `flows:receipt` of `vectors/wire.json`: the method's names on the lane's own functions. */
import { classifyCases } from "./conformance-classify.ts";
import { figuresCases } from "./conformance-figures.ts";
import { ingestCases } from "./conformance-ingest.ts";
import type { ConformanceCases } from "./conformance-input.ts";
import { runsCases } from "./conformance-runs.ts";
import { flowsReceipt } from "./receipt.ts";

export const conformance: ConformanceCases = {
  ...ingestCases,
  ...classifyCases,
  ...runsCases,
  ...figuresCases,
  "flows:receipt": flowsReceipt,
};
