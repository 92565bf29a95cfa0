/** The enrichment passes in their order: for coins that still have no price. Pricing methodology, section 12. */
import { z } from "zod";
import type { LaneContext } from "../lane.ts";
import { CmcStateSchema, coinmarketcapPass } from "./passes/coinmarketcap.ts";
import { canonicalContract, otherContracts } from "./passes/defillama-contract.ts";
import { dexscreenerPass } from "./passes/dexscreener-exact.ts";
import { jupiterPass } from "./passes/jupiter.ts";
import { lowVolumePass } from "./passes/low-volume.ts";
import { nothingDone, type PassReport } from "./passes/pass.ts";
import type { PriceBoard } from "./price-board.ts";

export const EnrichmentStateSchema = z.object({ coinmarketcap: CmcStateSchema });
export type EnrichmentState = z.infer<typeof EnrichmentStateSchema>;

/** Fills what the passes find; `filled` counts by pass. */
export async function enrich(
  context: LaneContext,
  board: PriceBoard,
  before: EnrichmentState | null,
): Promise<PassReport & { state: EnrichmentState; filled: Record<string, number> }> {
  const state: EnrichmentState = structuredClone(before ?? { coinmarketcap: { askedAt: null } });
  const report = nothingDone();
  const filled: Record<string, number> = {};
  const passes = [
    canonicalContract,
    otherContracts,
    coinmarketcapPass(state.coinmarketcap),
    jupiterPass,
    dexscreenerPass,
    lowVolumePass,
  ];
  for (const pass of passes) {
    const missing = board.unpriced().length;
    const { sources, failures } = await pass.run(context, board);
    report.sources.push(...sources);
    report.failures.push(...failures);
    filled[pass.name] = missing - board.unpriced().length;
  }
  return { ...report, state, filled };
}
