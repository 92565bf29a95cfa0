/** Reads the hand-edited files as they are on disk, checks each against its schema, and keeps what is wrong as problems. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { type Chain, ChainsFileSchema } from "../schema/chain.ts";
import { type Coin, CoinSchema } from "../schema/coin.ts";
import { type Correction, CorrectionsFileSchema, type Doubt, DoubtsFileSchema } from "../schema/correction.ts";
import { type Upstream, UpstreamsFileSchema } from "../schema/upstream.ts";
import { exampleChain, exampleCoin, exampleCorrection, exampleDoubt, exampleUpstream } from "./examples.ts";
import { type Problem, problemsOf, showValue } from "./problems.ts";

export interface RegistryFiles {
  /** Every coin file that fits the schema, with the path it came from. */
  coins: { file: string; coin: Coin }[];
  chains: Chain[];
  upstreams: Upstream[];
  corrections: Correction[];
  doubts: Doubt[];
  problems: Problem[];
}

/** Reads one JSON file against a schema; `name` is what the problems call it. */
export function readJson<T>(
  path: string,
  name: string,
  schema: z.ZodType<T>,
  example: unknown,
  problems: Problem[],
): T | undefined {
  if (!existsSync(path)) {
    problems.push({ file: name, field: "", expected: "this file", came: "no such file", example: showValue(example) });
    return undefined;
  }
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const came = error instanceof Error ? error.message : String(error);
    problems.push({ file: name, field: "", expected: "valid JSON", came, example: showValue(example) });
    return undefined;
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  problems.push(...problemsOf(name, input, parsed.error, example));
  return undefined;
}

export function readRegistryFiles(dataDir: string): RegistryFiles {
  const problems: Problem[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>, example: unknown) =>
    readJson(join(dataDir, name), name, schema, example, problems);

  const coinsDir = join(dataDir, "registry/coins");
  const names = existsSync(coinsDir) ? readdirSync(coinsDir).sort() : [];
  if (names.length === 0) {
    const example = "copy a clone's data/registry, or add one with plumbline add-coin";
    problems.push({ file: "registry/coins", field: "", expected: "one JSON file a coin", came: "no file", example });
  }
  const coins: RegistryFiles["coins"] = [];
  for (const name of names) {
    const file = `registry/coins/${name}`;
    const coin = read(file, CoinSchema, exampleCoin);
    if (coin) coins.push({ file, coin });
  }
  return {
    coins,
    chains: read("registry/chains.json", ChainsFileSchema, [exampleChain]) ?? [],
    upstreams: read("registry/upstreams.json", UpstreamsFileSchema, [exampleUpstream]) ?? [],
    corrections:
      read("registry/corrections.json", CorrectionsFileSchema, { corrections: [exampleCorrection] })?.corrections ?? [],
    doubts: read("registry/doubts.json", DoubtsFileSchema, { doubts: [exampleDoubt] })?.doubts ?? [],
    problems,
  };
}
