import fc from "fast-check";
import { expect, test } from "vitest";
import { blockAtTime } from "./block-at-time.ts";
import { createJsonRpc } from "./json-rpc.ts";
import type { Http } from "./source.ts";

const CHAIN = "eip155:1";
const NODE = "rpc:eip155:1:0";

/** A node whose blocks have these times, and how often it was asked for one. */
function chainOf(times: readonly number[]) {
  const asked: string[] = [];
  const json: Http["json"] = async (_upstream, request) => {
    const { method, params } = request.body as { method: string; params: string[] };
    if (method === "eth_chainId") return { status: 200, body: { jsonrpc: "2.0", id: 1, result: "0x1" } };
    asked.push(params[0] as string);
    const number = params[0] === "latest" ? times.length - 1 : Number(params[0]);
    const hex = (value: number) => `0x${value.toString(16)}`;
    const result = { number: hex(number), timestamp: hex(times[number] as number), hash: null, transactions: [] };
    return { status: 200, body: { jsonrpc: "2.0", id: 1, result } };
  };
  const chains = new Map([[CHAIN, { id: CHAIN, name: "test", multicall3: null, nodes: [NODE] }]]);
  const http: Http = { json, nowSec: 0, key: () => null, missingKey: () => null, rpc: createJsonRpc({ json }, chains) };
  return { http, asked };
}

test("the last block at or before a time is found, whatever the pace of the chain", async () => {
  const steps = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 400 });
  await fc.assert(
    fc.asyncProperty(steps, fc.double({ min: 0, max: 1, noNaN: true }), async (gaps, share) => {
      let at = 1_000;
      const times = gaps.map((gap) => (at += gap));
      const atSec = 900 + Math.floor(share * (at + 100 - 900));
      const expected = times.findLastIndex((time) => time <= atSec);
      const { block } = await blockAtTime.fetch(chainOf(times).http, { chain: CHAIN, atSec });
      expect(block === null ? -1 : Number(block.number)).toBe(expected);
      if (block) expect(block.timestamp).toBe(times[expected]);
    }),
    { numRuns: 60 },
  );
});

test("a steady chain of years takes a handful of questions, one that changed its pace a few dozen", async () => {
  const steady = Array.from({ length: 200_000 }, (_, n) => 1_000 + 12 * n);
  const calm = chainOf(steady);
  expect((await blockAtTime.fetch(calm.http, { chain: CHAIN, atSec: 1_000 + 12 * 123_456 + 5 })).block?.number).toBe(
    123_456n,
  );
  expect(calm.asked.length).toBeLessThan(8);
  const changed = chainOf(Array.from({ length: 200_000 }, (_, n) => (n < 100_000 ? n : 100_000 + 600 * (n - 100_000))));
  expect((await blockAtTime.fetch(changed.http, { chain: CHAIN, atSec: 70_000 })).block?.number).toBe(70_000n);
  expect(changed.asked.length).toBeLessThan(60);
});
