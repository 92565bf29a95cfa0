import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "./faults.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import { TEST_NOW_SEC as NOW, testCoins } from "./test-coins.ts";

const DAY_SEC = 86_400;
const PATH = "/simple/price?ids=tether&vs_currencies=usd&include_last_updated_at=true";

let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator({ seed: 2, coins: testCoins(), nowSec: NOW, incidents: [] });
});
afterAll(() => sim.close());
beforeEach(() => sim.setNow(NOW));

const ask = (path = PATH, upstream = "coingecko", init?: RequestInit) =>
  fetch(`${sim.overrides.upstreams[upstream]}${path}`, init);

/** Sets one fault on CoinGecko and asks. */
function spoilt(fault: Omit<Fault, "upstream">, init?: RequestInit): Promise<Response> {
  sim.setFaults([{ upstream: "coingecko", ...fault }]);
  return ask(PATH, "coingecko", init);
}

async function causeOf(request: Promise<unknown>): Promise<string> {
  const error = await request.then(
    () => null,
    (reason: unknown) => reason,
  );
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? String(error);
}

describe("faults on a real socket", () => {
  it("status: the status asked for, with Retry-After", async () => {
    const answer = await spoilt({ kind: "status", status: 429, retryAfter: 7 });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await spoilt({ kind: "status" })).status).toBe(500);
  });

  it("hang: no answer at all", async () => {
    expect(await causeOf(spoilt({ kind: "hang" }, { signal: AbortSignal.timeout(150) }))).toContain("TimeoutError");
  });

  it("reset: the connection is reset", async () => {
    expect(await causeOf(spoilt({ kind: "reset" }))).toBe("ECONNRESET");
  });

  it("truncate: the body ends before its announced length", async () => {
    const answer = await spoilt({ kind: "truncate" });
    expect(answer.status).toBe(200);
    expect(await causeOf(answer.text())).toBe("UND_ERR_SOCKET");
  });

  it("oversize: JSON without end, up to the given size", async () => {
    const bytes = 3_000_000;
    const text = await (await spoilt({ kind: "oversize", bytes })).text();
    expect(text.length).toBeGreaterThan(bytes);
    expect(text.length).toBeLessThan(bytes + 100_000);
    expect(Array.isArray(JSON.parse(text))).toBe(true);
  });

  it("oversize: stops when the reader leaves", async () => {
    const leave = new AbortController();
    const answer = await spoilt({ kind: "oversize", bytes: 2 ** 40 }, { signal: leave.signal });
    await answer.body!.getReader().read();
    leave.abort();
    sim.setFaults([]);
    expect((await ask()).status).toBe(200);
  });

  it("wrong-types: numbers are words", async () => {
    const body = await (await spoilt({ kind: "wrong-types" })).json();
    expect(body).toEqual({ tether: { usd: "lots", last_updated_at: "lots" } });
  });

  it("nan: numbers are a bare NaN, which is no JSON", async () => {
    const text = await (await spoilt({ kind: "nan" })).text();
    expect(text).toBe('{"tether":{"usd":NaN,"last_updated_at":NaN}}');
    expect(() => JSON.parse(text)).toThrow();
  });

  it("stale: values and times of three days ago", async () => {
    const body = (await (await spoilt({ kind: "stale" })).json()) as { tether: { last_updated_at: number } };
    expect(NOW - body.tether.last_updated_at).toBeGreaterThan(3 * DAY_SEC);
    expect(NOW - body.tether.last_updated_at).toBeLessThan(3 * DAY_SEC + 900);
  });

  it("html: a web page with status 200", async () => {
    const answer = await spoilt({ kind: "html" });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await answer.text()).toMatch(/^<!DOCTYPE html>/);
  });

  it("deep-nesting: lists in lists", async () => {
    const text = await (await spoilt({ kind: "deep-nesting", bytes: 100_000 })).text();
    expect(text).toBe("[".repeat(50_000) + "]".repeat(50_000));
  });

  it("empty: status 200 and no body", async () => {
    const answer = await spoilt({ kind: "empty" });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });
});

describe("a fault script", () => {
  it("is limited to an upstream, a path, a time and a number of requests", async () => {
    const statuses = async (count: number) => {
      const seen: number[] = [];
      for (let i = 0; i < count; i++) seen.push((await ask()).status);
      return seen;
    };
    sim.setFaults([{ upstream: "coingecko", kind: "status", status: 503, path: "^/simple/price", times: 2 }]);
    expect((await ask("/coins/list")).status).toBe(200);
    expect((await ask("/price/XAU", "gold-api")).status).toBe(200);
    expect(await statuses(3)).toEqual([503, 503, 200]);
    sim.setFaults([{ upstream: "coingecko", kind: "status", fromSec: NOW + 60, toSec: NOW + 120 }]);
    expect(await statuses(1)).toEqual([200]);
    sim.setNow(NOW + 60);
    expect(await statuses(1)).toEqual([500]);
    sim.setNow(NOW + 120);
    expect(await statuses(1)).toEqual([200]);
  });

  it("reaches one node, or all, by method", async () => {
    const call = async (chain: string, method: string) => {
      const [url] = sim.overrides.rpc[chain]!;
      return (
        await fetch(url!, { method: "POST", body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] }) })
      ).status;
    };
    sim.setFaults([{ upstream: "rpc:eip155:1", kind: "status", status: 502, path: "eth_chainId" }]);
    expect([
      await call("eip155:1", "eth_chainId"),
      await call("eip155:1", "eth_blockNumber"),
      await call("eip155:8453", "eth_chainId"),
    ]).toEqual([502, 200, 200]);
    sim.setFaults([{ upstream: "rpc", kind: "status", status: 502 }]);
    expect(await call("eip155:8453", "eth_chainId")).toBe(502);
  });
});
