import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createBreakers } from "./breaker.ts";
import { createClient, type UpstreamLimits } from "./client.ts";
import { type CollectContext, collect } from "./collect.ts";
import { type FaultServer, startFaultServer } from "./fault-server.ts";
import { readShape } from "./shape.ts";
import type { Source } from "./source.ts";

const NOW = 1_795_000_000;
let server: FaultServer;
let context: CollectContext;

beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.close());
beforeEach(() => {
  context = { http: clientWith({}), breakers: createBreakers({}), report: [] };
});

function clientWith(overrides: Partial<UpstreamLimits>) {
  const limits = { timeoutMs: 1_500, maxBytes: 1e6, retries: 0, concurrency: 2, perSecond: 100 };
  const upstream = { id: "test", baseUrl: server.url, ...limits, keyEnv: null, keyRequired: false, ...overrides };
  return createClient({ upstreams: new Map([["test", upstream]]), env: {}, nowSec: NOW, random: () => 0 });
}

function source(
  path: string,
  overrides: Partial<Source<string, { hit: number }>> = {},
): Source<string, { hit: number }> {
  return {
    id: "test:endpoint",
    upstream: "test",
    breaker: "test",
    docs: "",
    example: "",
    async fetch(http, request) {
      return this.parse((await http.json("test", { path, query: { request } })).body, request);
    },
    parse: (body) => readShape(z.object({ hit: z.number() }), body, "test:endpoint"),
    rows: () => 1,
    isUsable: () => true,
    ...overrides,
  };
}

describe("collect", () => {
  test("gives the value with the run's own time and reports it", async () => {
    const collected = await collect(source("/ok"), "a", context);
    expect(collected).toMatchObject({ ok: true, fetchedAt: NOW });
    expect(context.report).toEqual([
      { source: "test:endpoint", upstream: "test", ok: true, reason: null, detail: null, rows: 1 },
    ]);
    expect(context.breakers.records().test).toMatchObject({ consecutiveFailures: 0, lastSuccessAt: NOW });
  });

  test.each([
    ["/hang", "unavailable"],
    ["/status/404", "unavailable"],
    ["/html", "changed"],
    ["/status/200", "ok"],
  ])("%s never throws and gives %s", async (path, reason) => {
    const collected = await collect(source(path), "b", context);
    expect(collected.ok ? "ok" : collected.reason).toBe(reason);
    expect(context.breakers.records().test?.consecutiveFailures).toBe(reason === "ok" ? 0 : 1);
  });

  test("a changed answer says what was expected", async () => {
    const wrong = source("/ok", { parse: (body) => readShape(z.object({ hit: z.string() }), body, "x") as never });
    expect(await collect(wrong, "c", context)).toMatchObject({
      ok: false,
      reason: "changed",
      detail: expect.stringMatching(/hit.*expected string/),
    });
  });

  test("an answer without anything usable is a failure of the circuit", async () => {
    const collected = await collect(source("/ok", { isUsable: () => false }), "d", context);
    expect(collected).toMatchObject({ ok: false, reason: "unusable" });
    expect(context.breakers.records().test?.consecutiveFailures).toBe(1);
  });

  test("an open circuit is not asked and says when it will be", async () => {
    const failing = source("/status/500");
    for (const request of ["e", "f", "g"]) await collect(failing, request, context);
    const before = server.hits("/status/500");
    expect(await collect(failing, "h", context)).toMatchObject({ reason: "breaker-open", retryAtSec: NOW + 1800 });
    expect(server.hits("/status/500")).toBe(before);
  });

  test("a source without its key is disabled and no failure", async () => {
    context.http = clientWith({ keyEnv: "NO_SUCH_KEY", keyRequired: true });
    expect(await collect(source("/ok"), "i", context)).toMatchObject({
      reason: "disabled",
      detail: "NO_SUCH_KEY is not set",
    });
    expect(context.breakers.records()).toEqual({});
  });

  test("a long Retry-After is passed on", async () => {
    expect(await collect(source("/retry-after-long"), "j", context)).toMatchObject({ retryAtSec: NOW + 3600 });
  });

  test("a mistake in our own code is not hidden", async () => {
    const broken = source("/ok", {
      parse: () => {
        throw new TypeError("a mistake");
      },
    });
    await expect(collect(broken, "k", context)).rejects.toThrow("a mistake");
  });

  test("a source without a circuit is asked every time", async () => {
    const ungated = source("/status/502", { breaker: null });
    for (const request of ["l", "m", "n", "o"]) await collect(ungated, request, context);
    expect(server.hits("/status/502")).toBe(4);
    expect(context.breakers.records()).toEqual({});
  });
});
