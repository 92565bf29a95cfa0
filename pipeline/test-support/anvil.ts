/** A real EVM node for tests: started by its own binary, ended by its own id, and spoken to without any client between. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BINARY = fileURLToPath(new URL("../../node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil", import.meta.url));
const START_LIMIT_MS = 20_000;

/** Anvil's binary is an optional package of one platform. */
export const HAS_ANVIL = existsSync(BINARY);

export interface Anvil {
  url: string;
  /** The result of a call; throws what the node refuses. */
  send<Result = unknown>(method: string, ...params: unknown[]): Promise<Result>;
  stop(): void;
}

export async function startAnvil(...flags: string[]): Promise<Anvil> {
  const child: ChildProcess = spawn(BINARY, ["--port", "0", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error("anvil did not start")), START_LIMIT_MS);
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      const address = /Listening on (\S+)/.exec(text)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(`http://${address}`);
    });
  });
  child.stdout?.resume();
  return {
    url,
    async send(method, ...params) {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
      const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
      if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result as never;
    },
    stop: () => void child.kill(),
  };
}
