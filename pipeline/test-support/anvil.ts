/** A real EVM node for tests, started on a free port and ended by its own id. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Abi, encodeFunctionData, type Hex } from "viem";

const ANVIL = fileURLToPath(new URL("../../node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil", import.meta.url));
export const hasAnvil = existsSync(ANVIL);
export const ANVIL_CHAIN = "eip155:31337";
export const MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11";
const START_MS = 20_000;

export interface Anvil {
  url: string;
  /** The result of a call; throws what the node refuses. */
  send<Result = unknown>(method: string, ...params: unknown[]): Promise<Result>;
  setCode(address: string, code: string): Promise<void>;
  /** Calls a function that writes, and waits until it is mined. */
  write(address: string, abi: Abi, functionName: string, args: readonly unknown[]): Promise<void>;
  stop(): void;
}

async function listening(anvil: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error("anvil did not start")), START_MS);
    anvil.stdout?.on("data", (chunk) => {
      text += chunk;
      const address = /Listening on (\S+)/.exec(text)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(`http://${address}`);
    });
  });
}

export async function startAnvil(...flags: string[]): Promise<Anvil> {
  const anvil = spawn(ANVIL, ["--port", "0", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await listening(anvil);
  async function send<Result = unknown>(method: string, ...params: unknown[]): Promise<Result> {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }
  const [from] = (await send("eth_accounts")) as string[];
  return {
    url,
    send,
    async setCode(address, code) {
      await send("anvil_setCode", address, code);
    },
    async write(address, abi, functionName, args) {
      const data: Hex = encodeFunctionData({ abi, functionName, args });
      const hash = await send("eth_sendTransaction", { from, to: address, data, gas: "0x2dc6c0" });
      for (let tries = 0; tries < 200; tries++) {
        const receipt = (await send("eth_getTransactionReceipt", hash)) as { status: string } | null;
        if (receipt?.status === "0x1") return;
        if (receipt) throw new Error(`${functionName} reverted`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`${functionName} was not mined`);
    },
    stop: () => anvil.kill(),
  };
}
