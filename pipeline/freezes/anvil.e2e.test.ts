/** A real node, contracts that declare every signature as their issuers do, and the scan that must find them all. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LaneContext } from "../lane.ts";
import type { Chain } from "../schema/chain.ts";
import type { Collected } from "../sources/collect.ts";
import type { Source } from "../sources/source.ts";
import { testCoin } from "../test-support/lane-context.ts";
import type { FreezeContract } from "./contracts.ts";
import { scanEvm } from "./scan-evm.ts";
import { FAMILIES, type FreezeFamily } from "./signatures.ts";

const ANVIL = fileURLToPath(new URL("../../node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil", import.meta.url));
const HOLDER = "0x00112233445566778899aabbccddeeff00112233";

/** Events as the method says they are declared: what is indexed, and what else they carry. */
const DECLARED: Record<FreezeFamily, string[]> = {
  circle: ["Blacklisted(address indexed)", "UnBlacklisted(address indexed)"],
  tether: ["AddedBlackList(address)", "RemovedBlackList(address)", "DestroyedBlackFunds(address,uint256)"],
  "tether-indexed": [
    "BlockPlaced(address indexed)",
    "BlockReleased(address indexed)",
    "DestroyedBlockedFunds(address indexed,uint256)",
  ],
  "tether-both": [
    "AddedBlackList(address)",
    "RemovedBlackList(address)",
    "DestroyedBlackFunds(address,uint256)",
    "BlockPlaced(address indexed)",
    "BlockReleased(address indexed)",
    "DestroyedBlockedFunds(address indexed,uint256)",
  ],
  "paxos-gold": [
    "AddressFrozen(address indexed)",
    "AddressUnfrozen(address indexed)",
    "FrozenAddressWiped(address indexed)",
  ],
  "paxos-usd": [
    "FreezeAddress(address indexed)",
    "UnfreezeAddress(address indexed)",
    "FrozenAddressWiped(address indexed)",
  ],
  "dual-index": ["Freeze(address indexed,address indexed)", "Unfreeze(address indexed,address indexed)"],
  wlfi: [
    "Freeze(address indexed,address indexed)",
    "Unfreeze(address indexed,address indexed)",
    "FrozenAccountDrained(address indexed,address indexed,uint256)",
    "FrozenFundsReallocated(address indexed,address indexed,address indexed,uint256)",
  ],
  ripple: ["AccountPaused(address)", "AccountUnpaused(address)"],
  batch: ["AccountsBlocked(address[])", "AccountsUnblocked(address[])"],
  a7a5: ["Blacklisted(address indexed)", "DeBlacklisted(address)", "DestroyedBlackFunds(address,uint256)"],
  account: ["AccountFrozen(address indexed)", "AccountUnfrozen(address indexed)"],
  mnee: [
    "AccountFrozen(address indexed)",
    "AccountUnfrozen(address indexed)",
    "FundsConfiscated(address indexed,uint256 indexed,address)",
    "HoldingsBurnt(address indexed,uint256 indexed)",
  ],
  ban: ["AccountBanned(address indexed)", "AccountUnbanned(address indexed)"],
  "hex-trust": ["AddedBlacklist(address indexed)", "RemovedBlacklist(address indexed)"],
  "deny-list": ["AddedToDenyList(address[])", "RemovedFromDenyList(address[])"],
  tgbp: ["Banned(address indexed)", "UnBanned(address indexed)"],
  securitize: [
    "Seize(address indexed,address indexed,uint256,string)",
    "OmnibusSeize(address indexed,address,uint256,string,uint8)",
  ],
};

/** Arguments of an event whose frozen address is HOLDER and whose amount is 7,000,001; the other parties are others. */
function emitted(declared: string): string {
  const [name, list = ""] = declared.slice(0, -1).split("(");
  const types = list.split(",");
  const second = /^(Freeze|Unfreeze|FrozenAccountDrained|FrozenFundsReallocated|OmnibusSeize)$/.test(name ?? "");
  const others = ["address(0xBEEF)", "address(0xCAFE)"];
  let addresses = 0;
  const args = types.map((type) => {
    if (type.startsWith("address[]")) return "list";
    if (type.startsWith("address")) return addresses++ === (second ? 1 : 0) ? "holder" : (others.pop() ?? "address(1)");
    if (type.startsWith("uint256")) return "7000001";
    return type.startsWith("string") ? '"reason"' : "uint8(1)";
  });
  return `emit ${name}(${args.join(", ")});`;
}

function sourceOf(families: readonly FreezeFamily[]): string {
  const contracts = families.map((family, i) => {
    const events = DECLARED[family].map((declared) => `event ${declared};`).join("\n  ");
    const body = DECLARED[family].map(emitted).join("\n    ");
    return `contract F${i} {\n  ${events}\n  constructor() {\n    address holder = address(uint160(${BigInt(HOLDER)}));\n    address[] memory list = new address[](2);\n    list[0] = holder; list[1] = address(0xD00D);\n    ${body}\n  }\n}`;
  });
  return `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\n${contracts.join("\n")}`;
}

describe.skipIf(!existsSync(ANVIL))("freezes on a real EVM node (skipped where anvil's binary is absent)", () => {
  const families = Object.keys(FAMILIES) as FreezeFamily[];
  let anvil: ChildProcess;
  let url = "";
  const contracts: FreezeContract[] = [];

  async function rpc(method: string, params: unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
    if (error) throw new Error(error.message);
    return result;
  }

  beforeAll(async () => {
    anvil = spawn(ANVIL, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    url = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("anvil did not start")), 20_000);
      anvil.stdout?.on("data", (chunk) => {
        const at = /Listening on ([\d.]+:\d+)/.exec(String(chunk))?.[1];
        if (!at) return;
        clearTimeout(late);
        resolve(`http://${at}`);
      });
    });
    const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
    const output = JSON.parse(
      solc.compile(
        JSON.stringify({
          language: "Solidity",
          sources: { "f.sol": { content: sourceOf(families) } },
          settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
        }),
      ),
    ) as {
      errors?: { severity: string; formattedMessage: string }[];
      contracts: { "f.sol": Record<string, { evm: { bytecode: { object: string } } }> };
    };
    const broken = output.errors?.filter(({ severity }) => severity === "error") ?? [];
    expect(broken.map(({ formattedMessage }) => formattedMessage)).toEqual([]);
    const [from] = (await rpc("eth_accounts", [])) as string[];
    for (const [i, family] of families.entries()) {
      const data = `0x${output.contracts["f.sol"][`F${i}`]?.evm.bytecode.object}`;
      const hash = await rpc("eth_sendTransaction", [{ from, data, gas: "0x4c4b40" }]);
      await rpc("evm_mine", []);
      const receipt = (await rpc("eth_getTransactionReceipt", [hash])) as { contractAddress: string; status: string };
      expect(receipt.status, family).toBe("0x1");
      contracts.push({
        coin: testCoin(family),
        chainId: "eip155:31337",
        address: receipt.contractAddress.toLowerCase(),
        decimals: 6,
        family,
      });
    }
    await rpc("anvil_mine", ["0x400"]);
  }, 60_000);
  afterAll(() => anvil?.kill());

  /** A lane's context whose one chain is this node; `refuseAbove` makes it a node that answers narrow ranges only. */
  function context(refuseAbove = Number.POSITIVE_INFINITY) {
    const asked: [number, number][] = [];
    const collect = async <Request, Out>(source: Source<Request, Out>, request: Request): Promise<Collected<Out>> => {
      const http = {
        rpc: {
          call(_node: string, method: string, params: unknown[]) {
            if (method === "eth_getLogs") {
              const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
              asked.push([Number(fromBlock), Number(toBlock)]);
              if (Number(toBlock) - Number(fromBlock) >= refuseAbove) throw new Error("range is too wide");
            }
            return rpc(method, params);
          },
        },
      };
      try {
        return { ok: true, value: await source.fetch(http as never, request), fetchedAt: 0 };
      } catch (error) {
        return { ok: false, reason: "unavailable", detail: (error as Error).message };
      }
    };
    return { asked, context: { nowSec: Math.floor(Date.now() / 1000), collect } as unknown as LaneContext };
  }
  const chain = {
    id: "eip155:31337",
    name: "anvil",
    blockTimeSec: 1,
    rpc: [{ url: "x", keyEnv: null }],
  } as unknown as Chain;

  it("are all found: every signature of every family, with the right address, amount and kind", async () => {
    const { found, problem, upTo } = await scanEvm(context().context, chain, contracts, 0);
    expect(problem).toBeNull();
    expect(upTo).toBeGreaterThan(contracts.length);
    for (const [i, family] of families.entries()) {
      const own = found.filter(
        ({ contract }) => contract.family === family && contract.address === contracts[i]?.address,
      );
      const wanted = FAMILIES[family];
      for (const { signature, type, address, amount } of wanted) {
        const seen = own.filter((each) => each.signature.signature === signature);
        expect(
          seen.map((each) => each.address),
          `${family} ${signature}`,
        ).toEqual(address === "array" ? [HOLDER, "0x000000000000000000000000000000000000d00d"] : [HOLDER]);
        expect(seen[0]).toMatchObject({ amount: amount === null ? null : 7_000_001n, signature: { type } });
        expect(seen[0]?.timestamp).toBeGreaterThan(1_600_000_000);
      }
    }
    expect(found.length).toBeGreaterThan(45);
  });

  it("are the same through a node that refuses wide ranges, read in pieces without a gap", async () => {
    const whole = await scanEvm(context().context, chain, contracts, 0);
    const narrow = context(60);
    const pieces = await scanEvm(narrow.context, chain, contracts, 0);
    expect(pieces.upTo).toBeGreaterThan(contracts.length);
    const keys = (list: typeof whole.found) =>
      list.map(({ log, item }) => `${log.transactionHash}-${log.logIndex}-${item}`);
    expect(keys(pieces.found)).toEqual(keys(whole.found));
    const answered = narrow.asked.filter(([from, to]) => to - from < 60);
    expect(answered.length).toBeGreaterThan(2);
    for (const [i, [from]] of answered.entries()) if (i > 0) expect(from).toBe((answered[i - 1]?.[1] ?? 0) + 1);
  });

  it("do not move the cursor when the node is silent", async () => {
    const silent = { nowSec: 0, collect: async () => ({ ok: false, reason: "unavailable", detail: "down" }) };
    expect(await scanEvm(silent as unknown as LaneContext, chain, contracts, 5)).toMatchObject({
      upTo: null,
      problem: "down",
      found: [],
    });
  });
});
