import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RegistryInvalid } from "../errors.ts";
import { checkRegistry, formatProblems } from "./check.ts";
import { exampleChain, exampleCorrection, exampleDoubt, exampleUpstream } from "./examples.ts";
import { loadRegistry } from "./registry.ts";
import { dai, type TinyRegistry, tinyRegistry, usdc } from "./tiny-registry.ts";

let tiny: TinyRegistry;
beforeEach(() => {
  tiny = tinyRegistry();
});
afterEach(() => tiny.remove());

const usdcFile = "registry/coins/usdc-circle.json";
const chainlink = {
  kind: "chainlink",
  chain: "eip155:1",
  address: "0x8fffffd4afb6115b954bd326cbe7b4ba576818f6",
  source: "docs",
  doubt: null,
};
const token = usdc.deployments[0]!;

/** A broken file, and what the one message about it must name. */
const cases: [
  name: string,
  file: string,
  content: unknown,
  field: string,
  expected: string,
  came: string,
  example: string,
][] = [
  [
    "a file that is not JSON",
    "coins/usdc-circle.json",
    "{ not json",
    "",
    "valid JSON",
    "JSON at position",
    '"id":"usdc-circle"',
  ],
  [
    "a missing field",
    "coins/usdc-circle.json",
    { ...usdc, symbol: undefined },
    "symbol",
    "type string",
    "missing",
    '"USDC"',
  ],
  [
    "an unknown field",
    "coins/usdc-circle.json",
    { ...usdc, ticker: "X" },
    "ticker",
    "no field of this name",
    '"X"',
    'remove "ticker"',
  ],
  [
    "a malformed id",
    "coins/usdc-circle.json",
    { ...usdc, id: "USDC" },
    "id",
    "ticker-issuer",
    '"USDC"',
    '"usdc-circle"',
  ],
  [
    "an unknown peg",
    "coins/usdc-circle.json",
    { ...usdc, peg: { ...usdc.peg, currency: "XYZ" } },
    "peg.currency",
    'one of "USD"',
    '"XYZ"',
    '"USD"',
  ],
  [
    "a peg label of another currency",
    "coins/usdc-circle.json",
    { ...usdc, peg: { ...usdc.peg, type: "peggedEUR" } },
    "peg.type",
    "the peg's own currency",
    '"peggedEUR"',
    '"peggedUSD"',
  ],
  [
    "decimals out of range",
    "coins/usdc-circle.json",
    { ...usdc, deployments: [{ ...token, decimals: 256 }] },
    "deployments[0].decimals",
    "<=36",
    "256",
    "6",
  ],
  [
    "decimals as text",
    "coins/usdc-circle.json",
    { ...usdc, deployments: [{ ...token, decimals: "6" }] },
    "deployments[0].decimals",
    "type number",
    '"6"',
    "6",
  ],
  [
    "a wrong feed",
    "coins/usdc-circle.json",
    { ...usdc, priceFeeds: [{ ...chainlink, address: "0x1" }] },
    "priceFeeds[0].address",
    "40 hex digits",
    '"0x1"',
    '"0x8fffffd4afb6115b954bd326cbe7b4ba576818f6"',
  ],
  [
    "an unknown kind of feed",
    "coins/usdc-circle.json",
    { ...usdc, priceFeeds: [{ ...chainlink, kind: "oracle" }] },
    "priceFeeds[0].kind",
    "known kinds",
    '"oracle"',
    '"pyth"',
  ],
  [
    "a file named otherwise",
    "coins/usdc.json",
    {
      ...usdc,
      id: "usd-coin",
      ids: { ...usdc.ids, defillama: null, coingecko: null, coinmarketcap: null, coinmarketcapSlug: null },
      deployments: [],
    },
    "id",
    "the file's own name",
    '"usd-coin"',
    "rename the file to usd-coin.json",
  ],
  [
    "an unknown chain",
    "coins/usdc-circle.json",
    { ...usdc, deployments: [{ ...token, chain: "eip155:2" }] },
    "deployments[0].chain",
    "registry/chains.json",
    '"eip155:2"',
    '"eip155:1"',
  ],
  [
    "an EVM address that is not hex",
    "coins/usdc-circle.json",
    { ...usdc, deployments: [{ ...token, address: "0xZZ" }] },
    "deployments[0].address",
    "40 hex digits",
    '"0xZZ"',
    '"0xa0b8',
  ],
  [
    "an address of another coin",
    "coins/usdc-circle.json",
    { ...usdc, deployments: dai.deployments },
    "deployments[0].address",
    "no other entry",
    "also in registry/coins/dai-makerdao.json",
    "keep one",
  ],
  [
    "a third-party id of another coin",
    "coins/usdc-circle.json",
    { ...usdc, ids: { ...usdc.ids, coingecko: "dai" } },
    "ids.coingecko",
    "no other entry",
    "also in registry/coins/dai-makerdao.json",
    "keep one",
  ],
  [
    "a feed twice",
    "coins/usdc-circle.json",
    { ...usdc, priceFeeds: [chainlink, chainlink] },
    "priceFeeds[1]",
    "no other entry",
    `also in ${usdcFile}`,
    "keep one",
  ],
  [
    "a variant of an unknown coin",
    "coins/usdc-circle.json",
    { ...usdc, variantOf: "usdz-nobody" },
    "variantOf",
    "the id of a coin",
    '"usdz-nobody"',
    '"usdc-circle"',
  ],
  [
    "a status in the future",
    "coins/usdc-circle.json",
    { ...usdc, status: { state: "dead", since: "2027-01-01" } },
    "status.since",
    "up to today, 2026-11-21",
    '"2027-01-01"',
    '"2023-02-01"',
  ],
  [
    "a launch in the future",
    "coins/usdc-circle.json",
    { ...usdc, launchDate: "2027-01-01" },
    "launchDate",
    "up to today, 2026-11-21",
    '"2027-01-01"',
    '"2023-02-01"',
  ],
  [
    "a chain twice",
    "chains.json",
    [exampleChain, { ...exampleChain, slug: "b", defillamaName: null, defillamaAliases: [] }],
    "[1].id",
    "no other entry",
    '"eip155:1"',
    "keep one",
  ],
  [
    "a key without its place",
    "chains.json",
    [{ ...exampleChain, rpc: [{ url: "https://a.example", keyEnv: "KEY" }] }],
    "[0].rpc[0].keyEnv",
    "{key}",
    '"KEY"',
    '"ALCHEMY_API_KEY"',
  ],
  [
    "upstreams out of order",
    "upstreams.json",
    [exampleUpstream, { ...exampleUpstream, id: "coingecko" }],
    "[1].id",
    "sorted by id",
    '"coingecko"',
    'move it above "defillama"',
  ],
  [
    "an upstream that is no address",
    "upstreams.json",
    [{ ...exampleUpstream, baseUrl: "llama.fi" }],
    "[0].baseUrl",
    "http(s) address",
    '"llama.fi"',
    '"https://stablecoins.llama.fi"',
  ],
  [
    "a correction of an unknown coin",
    "corrections.json",
    { corrections: [exampleCorrection] },
    "corrections[0].coinId",
    "a coin's id or null",
    '"usdn-neutrino"',
    "null",
  ],
];

describe("a broken registry", () => {
  it.each(cases)(
    "names file, field, expected, came and example for %s",
    (_, file, content, field, expected, came, example) => {
      tiny.put(file, content);
      const { problems } = checkRegistry(tiny.dataDir, "2026-11-21");
      const told = problems.find((problem) => problem.file === `registry/${file}` && problem.field === field);
      expect(told, formatProblems(problems)).toBeDefined();
      expect(told!.expected).toContain(expected);
      expect(told!.came).toContain(came);
      expect(told!.example).toContain(example);
    },
  );

  it("makes loadRegistry throw once with every problem", () => {
    tiny.put("coins/usdc-circle.json", { ...usdc, symbol: 1, navToken: "yes" });
    tiny.put("coins/dai-makerdao.json", { ...dai, variantOf: "usdz-nobody" });
    const load = () => loadRegistry(tiny.dataDir);
    expect(load).toThrow(RegistryInvalid);
    expect(load).toThrow(/3 problems[\s\S]*variantOf|3 problems[\s\S]*symbol/);
  });

  it("says that there is no registry where there is none", () => {
    const { problems } = checkRegistry(`${tiny.dataDir}/nowhere`);
    expect(formatProblems(problems)).toContain("one JSON file a coin");
    expect(formatProblems(problems)).toContain("no such file");
  });
});

describe("warnings", () => {
  it("tell of doubts, doubtful feeds and missing decimals without stopping anything", () => {
    tiny.put("doubts.json", { doubts: [exampleDoubt] });
    const doubtful = { ...chainlink, doubt: "two coins share the ticker" };
    const deployments = [{ ...token, decimals: null }];
    tiny.put("coins/usdc-circle.json", { ...usdc, deployments, priceFeeds: [doubtful] });
    const { problems, warnings } = checkRegistry(tiny.dataDir);
    expect(problems).toEqual([]);
    expect(warnings.map((warning) => warning.came)).toEqual([
      "chainlink: two coins share the ticker",
      expect.stringContaining("usdc-circle: priceFeeds.pyth 0617a9b7"),
      "1 of 2 token addresses without decimals",
    ]);
  });

  it("let one holder keep the tokens of two coins", () => {
    const holder = {
      chain: "eip155:1",
      address: "0x00000000000000000000000000000000000000aa",
      decimals: null,
      role: "reserves",
    };
    tiny.put("coins/usdc-circle.json", { ...usdc, deployments: [token, holder] });
    tiny.put("coins/dai-makerdao.json", { ...dai, deployments: [...dai.deployments, holder] });
    expect(checkRegistry(tiny.dataDir).problems).toEqual([]);
  });
});
