/** Renews the runtime code beside a Solidity file, contracts.sol here unless another is named, so that tests need no compiler. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const CompilerSchema = z.object({ compile: z.custom<(input: string) => string>() });
const OutputSchema = z.object({
  contracts: z.object({
    "contracts.sol": z.record(
      z.string(),
      z.object({ evm: z.object({ deployedBytecode: z.object({ object: z.string() }) }) }),
    ),
  }),
});

const { compile } = CompilerSchema.parse(createRequire(import.meta.url)("solc"));
const source = process.argv[2] ?? fileURLToPath(new URL("contracts.sol", import.meta.url));
const content = readFileSync(source, "utf8");
const settings = {
  optimizer: { enabled: true },
  metadata: { bytecodeHash: "none" },
  outputSelection: { "*": { "*": ["evm.deployedBytecode.object"] } },
};
const output = compile(JSON.stringify({ language: "Solidity", sources: { "contracts.sol": { content } }, settings }));
const compiled = OutputSchema.parse(JSON.parse(output)).contracts["contracts.sol"];
const code = Object.fromEntries(
  Object.entries(compiled).map(([name, { evm }]) => [name, `0x${evm.deployedBytecode.object}`]),
);
writeFileSync(source.replace(/\.sol$/, ".json"), `${JSON.stringify(code, null, 2)}\n`);
