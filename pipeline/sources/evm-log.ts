/** Event logs as nodes and explorers send them, to one spelling: lower-case hex, whole numbers, no null topics. */
import { z } from "zod";
import { whole } from "./numbers.ts";
import { readShape } from "./shape.ts";

export const WholeSchema = z.unknown().transform((value, context) => {
  const number = whole(value);
  if (number === null) context.addIssue({ code: "custom", message: "not a whole number" });
  return number ?? 0;
});

export const HashSchema = z
  .string()
  .regex(/^0x[0-9a-f]*$/i, "not hex")
  .toLowerCase();

export const AddressSchema = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/i, "not an address")
  .toLowerCase();

const LogSchema = z.object({
  address: AddressSchema,
  /** Explorers pad with nulls. */
  topics: z.array(HashSchema.nullable()).transform((topics) => topics.filter((topic) => topic !== null)),
  data: HashSchema,
  blockNumber: WholeSchema,
  transactionHash: HashSchema,
  /** Etherscan writes "0x" for 0. */
  logIndex: WholeSchema,
});

export type EvmLog = z.output<typeof LogSchema>;

export interface EvmLogs {
  logs: EvmLog[];
}

/** All of them or none: a dropped log would be a wrong flow. */
export function readLogs(rows: unknown, source: string): EvmLogs {
  return { logs: readShape(z.array(LogSchema), rows, source) };
}
