/** Early-warning bands and signals, in the words in which they are published. */
import { z } from "zod";

/** Calm to dangerous. */
export const StressBandSchema = z.enum(["CALM", "WATCH", "ALERT", "WARNING", "DANGER"]);
export type StressBand = z.infer<typeof StressBandSchema>;

export const StressSignalSchema = z.enum(["supply", "pool", "liq", "price", "diverg", "black", "flow", "yield"]);
export type StressSignal = z.infer<typeof StressSignalSchema>;

export const StabilityBandSchema = z.enum(["BEDROCK", "STEADY", "TREMOR", "FRACTURE", "CRISIS", "MELTDOWN"]);
export type StabilityBand = z.infer<typeof StabilityBandSchema>;
