/** The row of a coin whose resolver threw: nothing that needs capacity, the written words kept, no confidence. */
import type { RedemptionRow } from "../schema/redemption.ts";
import { buildRow, type RowInputs } from "./build-row.ts";

export function failedRow(inputs: RowInputs): RedemptionRow {
  const unknown = buildRow({
    ...inputs,
    // A model that needs a supply nobody has: all its figures are null.
    route: { ...inputs.route, capacityModel: { kind: "supply-full" } },
    supplyUsd: null,
    live: { usable: false },
    liveFee: { unusable: null },
    severe: null,
    links: {},
  });
  return {
    ...unknown,
    provider: "sync-error",
    sourceMode: "static",
    resolutionState: "failed",
    capacityConfidence: "heuristic",
    capacitySemantics: "immediate-bounded",
    capacityProfile: { ...unknown.capacityProfile, capacityProfileConfidence: "heuristic" },
    notes: ["This row could not be computed in this run."],
  };
}
