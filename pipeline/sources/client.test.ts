import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PlumblineError } from "../errors.ts";
import { type Client, type ClientOptions, createClient, type UpstreamLimits } from "./client.ts";
import { type FaultServer, startFaultServer } from "./fault-server.ts";
import { createRecorder, createReplayer, loadReplayer } from "./recorder.ts";
import type { HttpRequest } from "./source.ts";

const SECRET = "s3cret/key+with=signs";
const MEGABYTE = 1_000_000;

let server: FaultServer;
const clients: Client[] = [];

beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.close());
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function upstream(overrides: Partial<UpstreamLimits> = {}): UpstreamLimits {
  return {
    id: "test",
    baseUrl: server.url,
    timeoutMs: 1_500,
    maxBytes: MEGABYTE,
    retries: 0,
    concurrency: 4,
    perSecond: 1000,
    keyEnv: null,
    keyRequired: false,
    ...overrides,
  };
}

function client(overrides: Partial<UpstreamLimits> = {}, options: Partial<ClientOptions> = {}): Client {
  const made = createClient({
    upstreams: new Map([["test", upstream(overrides)]]),
    env: { TEST_KEY: SECRET },
    nowSec: 1_795_000_000,
    random: () => 0.5,
    sleep: async () => {},
    ...options,
  });
  clients.push(made);
  return made;
}

async function errorOf(promise: Promise<unknown>): Promise<PlumblineError> {
  try {
    await promise;
  } catch (error) {
    return error as PlumblineError;
  }
  throw new Error("expected an error, got an answer");
}

const ask = (path: string, overrides: Partial<UpstreamLimits> = {}, request: Partial<HttpRequest> = {}) =>
  client(overrides).json("test", { path, ...request });

describe("faults of the wire", () => {
  test.each([
    ["a server that never answers", "/hang", "SourceUnavailable", "timeout"],
    ["a body that drips for ever", "/slow-body", "SourceUnavailable", "timeout"],
    ["a connection that is reset", "/reset", "SourceUnavailable", "connection"],
    ["a body cut short", "/truncated", "SourceUnavailable", "connection"],
    ["a compressed body cut short", "/gzip-truncated", "SourceUnavailable", "connection"],
    ["more bytes than allowed, declared", "/large-declared", "SourceChanged", "too-large"],
    ["more bytes than allowed, undeclared", "/large-streamed", "SourceChanged", "too-large"],
    ["a gzip bomb", "/gzip-bomb", "SourceChanged", "too-large"],
    ["an encoding we did not ask for", "/zstd", "SourceChanged", "bad-encoding"],
    ["50 MB of nesting", "/nesting", "SourceChanged", "too-deep"],
    ["HTML with status 200", "/html", "SourceChanged", "invalid-json"],
    ["broken JSON", "/not-json", "SourceChanged", "invalid-json"],
    ["a redirect", "/redirect", "HttpRefused", "http-301"],
    ["a 404", "/status/404", "HttpRefused", "http-404"],
  ])("%s is refused", async (_name, path, kind, code) => {
    const error = await errorOf(ask(path, code === "timeout" ? {} : { timeoutMs: 15_000 }));
    expect({ kind: error.name, code: error.code }).toEqual({ kind, code });
  });

  test("nothing listens at the address", async () => {
    expect((await errorOf(ask("/ok", { baseUrl: "http://127.0.0.1:1" }))).code).toBe("unreachable");
  });

  test("50 MB of nesting is refused even where the byte cap would let it through", async () => {
    expect((await errorOf(ask("/nesting", { maxBytes: 100 * MEGABYTE, timeoutMs: 5000 }))).code).toBe("too-deep");
  });

  test("a compressed answer is read", async () => {
    expect((await ask("/gzip")).body).toEqual({ zipped: true });
  });

  test("an HTML page shows up in the message without its control characters", async () => {
    const { message } = await errorOf(ask("/html"));
    expect(message).toContain("HTML");
    expect(message).toContain("Just a moment...");
    expect(message).not.toContain("\u001b");
  });

  test("text comes as it is where text was asked for, and JSON is asked for apart", async () => {
    const one = client();
    const text = await one.json("test", { path: "/html", reads: "text" });
    expect(text.body).toMatch(/^</);
    expect((await errorOf(one.json("test", { path: "/html" }))).code).toBe("invalid-json");
  });

  test("a 404 passes as data only where it is named", async () => {
    expect(await ask("/status/404", {}, { passthroughStatuses: [404] })).toMatchObject({ status: 404 });
  });
});

describe("retries", () => {
  test.each([408, 425, 429, 500, 502, 503, 504])("status %i is tried again", async (status) => {
    await errorOf(ask(`/status/${status}`, { retries: 2 }));
    expect(server.hits(`/status/${status}`)).toBe(3);
  });

  test.each([400, 401, 403, 405, 451])("status %i is not", async (status) => {
    await errorOf(ask(`/status/${status}`, { retries: 2 }));
    expect(server.hits(`/status/${status}`)).toBe(1);
  });

  test("where the request says so, only network errors are tried again", async () => {
    const before = [server.hits("/status/503"), server.hits("/reset")];
    await errorOf(ask("/status/503", { retries: 2 }, { retryStatuses: false }));
    await errorOf(ask("/reset", { retries: 2 }, { retryStatuses: false }));
    expect([server.hits("/status/503"), server.hits("/reset")]).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 3]);
  });

  test("a wrong answer is not tried again", async () => {
    const before = server.hits("/html");
    await errorOf(ask("/html", { retries: 2 }));
    expect(server.hits("/html")).toBe(before + 1);
  });

  test("the answer after failures counts, and the failures are counted", async () => {
    const asking = client({ retries: 3 });
    expect((await asking.json("test", { path: "/flaky" })).body).toEqual({ hit: 3 });
    expect(asking.counts()).toMatchObject({ test: { requests: 3, retries: 2, failures: 0 } });
  });

  test("waits grow and keep away from each other", async () => {
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    await errorOf(client({ retries: 3 }, { sleep }).json("test", { path: "/status/500", query: { waits: 1 } }));
    expect(waits).toEqual([375, 750, 1500]);
  });

  test.each([
    ["/retry-after-seconds", 2000],
    ["/retry-after-date", 7000],
  ])("%s is waited for", async (path, expected) => {
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    expect((await client({ retries: 1 }, { sleep }).json("test", { path })).body).toEqual({ ok: true });
    expect(waits).toEqual([expected]);
  });

  test("a Retry-After beyond what a run waits ends the attempts and is reported", async () => {
    const error = await errorOf(ask("/retry-after-long", { retries: 3 }));
    expect(error).toMatchObject({ code: "http-429", retryAfterSec: 3600 });
    expect(server.hits("/retry-after-long")).toBe(1);
  });
});

describe("budget and memory", () => {
  test("an identical GET inside one run is answered once", async () => {
    const asking = client();
    const before = server.hits("/ok");
    const [first, second] = await Promise.all([
      asking.json("test", { path: "/ok", query: { a: 1 } }),
      asking.json("test", { path: "/ok", query: { a: 1 } }),
    ]);
    await asking.json("test", { path: "/ok", query: { a: 2 } });
    expect(first).toEqual(second);
    expect(server.hits("/ok")).toBe(before + 2);
  });

  test("a POST is sent each time", async () => {
    const asking = client();
    const before = server.hits("/ok");
    await asking.json("test", { path: "/ok", method: "POST", body: { a: 1 } });
    await asking.json("test", { path: "/ok", method: "POST", body: { a: 1 } });
    expect(server.hits("/ok")).toBe(before + 2);
  });

  test("no more requests start in a second than the upstream allows", async () => {
    const asking = client({ perSecond: 5, timeoutMs: 3000 });
    const started = performance.now();
    await Promise.all([1, 2, 3, 4, 5, 6].map((n) => asking.json("test", { path: "/ok", query: { rate: n } })));
    expect(performance.now() - started).toBeGreaterThan(500);
  });

  test("brackets, colons and commas of a query travel as they are", async () => {
    await ask("/ok", {}, { query: { "ids[]": ["0xa", "0xb"], ids: "a,b:c", skipped: undefined, text: "a b&c" } });
    expect(server.seen.at(-1)?.url).toBe("/ok?ids[]=0xa&ids[]=0xb&ids=a,b:c&text=a%20b%26c");
  });
});

describe("keys", () => {
  const withKey = { keyEnv: "TEST_KEY", keyRequired: true };

  test("a key is filled in where the request has its place", async () => {
    await errorOf(
      ask("/echo/{key}", withKey, {
        query: { app_id: "{key}", a: 1 },
        headers: { "x-key": "{key}" },
        method: "POST",
        body: {},
      }),
    );
    const seen = server.seen.at(-1);
    expect(seen?.url).toBe(`/echo/${encodeURIComponent(SECRET)}?app_id=${encodeURIComponent(SECRET)}&a=1`);
    expect(seen?.headers["x-key"]).toBe(SECRET);
  });

  test("a key in path, query, header or base URL shows up in no message and no recording, echoed or not", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "plumbline-")), "recording.jsonl");
    const recorder = createRecorder(file);
    const asking = client({ ...withKey, baseUrl: `${server.url}/echo/{key}` }, { recorder });
    const error = await errorOf(
      asking.json("test", {
        path: `/${SECRET}`,
        query: { key: SECRET, other: "{key}" },
        headers: { "x-key": "{key}" },
      }),
    );
    await asking.close();
    const texts = [
      error.message,
      error.explain(),
      JSON.stringify(error),
      String(error.cause),
      await readFile(file, "utf8"),
    ];
    for (const text of texts) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(encodeURIComponent(SECRET));
    }
    expect(server.seen.at(-1)?.url).toContain(encodeURIComponent(SECRET));
  });

  test("a missing key that is required is 'disabled', not a failure of the upstream", async () => {
    const error = await errorOf(client({ keyEnv: "UNSET_KEY", keyRequired: true }).json("test", { path: "/ok" }));
    expect(error).toMatchObject({ name: "SourceUnavailable", code: "no-key" });
  });

  test("a missing key that is optional leaves its header out", async () => {
    await ask("/ok", { keyEnv: "UNSET_KEY" }, { headers: { "x-key": "{key}" } });
    expect(server.seen.at(-1)?.headers).not.toHaveProperty("x-key");
  });

  test("no base URL means unreachable, without a request", async () => {
    expect((await errorOf(ask("/ok", { baseUrl: null }))).code).toBe("unreachable");
    expect((await errorOf(client().json("nobody", { path: "/ok" }))).code).toBe("unreachable");
  });
});

describe("record and replay", () => {
  async function run(made: Client): Promise<unknown[]> {
    const outcomes: unknown[] = [];
    const requests: HttpRequest[] = [
      { path: "/ok", query: { recorded: 1 } },
      { path: "/status/503", query: { recorded: 1 } },
      { path: "/hang" },
      { path: "/html" },
      { path: "/nesting" },
      { path: "/ok", method: "POST", body: { n: 1 } },
      { path: "/ok", method: "POST", body: { n: 1 } },
      { path: "/retry-after-long" },
    ];
    for (const request of requests) {
      outcomes.push(await made.json("test", request).catch((error: PlumblineError) => [error.name, error.explain()]));
    }
    return [...outcomes, made.counts()];
  }

  test("a replay gives the same answers, errors and counts without a server, retries included", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "plumbline-")), "recording.jsonl");
    const recording = client({ retries: 2 }, { recorder: createRecorder(file) });
    const recorded = await run(recording);
    await recording.close();

    const replaying = client({ retries: 2, baseUrl: "http://127.0.0.1:1" }, { replayer: await loadReplayer(file) });
    expect(await run(replaying)).toEqual(recorded);
  });

  test("anything else is refused by name", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "plumbline-")), "recording.jsonl");
    await createRecorder(file).close();
    const error = await errorOf(
      client({ retries: 2 }, { replayer: await loadReplayer(file) }).json("test", { path: "/ok", query: { a: 1 } }),
    );
    expect(error).toMatchObject({ name: "SourceUnavailable", code: "not-recorded" });
    expect(error.message).toContain("GET /ok?a=1 of test");
  });

  test("the order in which answers came does not change the file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "plumbline-"));
    const outcome = { answer: { status: 200, contentType: null, retryAfterSec: null, text: "{}" } };
    const keys = [1, 2, 10].map((attempt) => ({
      upstream: "test",
      method: "GET" as const,
      path: "/ok",
      query: "",
      body: "",
      call: 1,
      attempt,
    }));
    for (const [name, order] of [["a", keys] as const, ["b", keys.toReversed()] as const]) {
      const recorder = createRecorder(join(folder, name));
      for (const key of order) recorder.add(key, outcome);
      await recorder.close();
    }
    expect(await readFile(join(folder, "a"), "utf8")).toBe(await readFile(join(folder, "b"), "utf8"));
  });

  test("a damaged recording names its line", () => {
    expect(() => createReplayer('{"upstream": 1}\n', "some.jsonl")).toThrow(/damaged/);
  });
});
