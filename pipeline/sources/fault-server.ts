/**
 * A loopback server that misbehaves on request, for the client's tests: every fault happens on a real socket.
 *
 * The path names the fault, e.g. `/hang` or `/status/503`. It counts what it was asked, so tests can tell retries from memory.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

export interface FaultServer {
  url: string;
  /** How often a path was asked. */
  hits(path: string): number;
  /** Everything asked, headers included, for tests of what travels. */
  readonly seen: { url: string; headers: IncomingMessage["headers"]; body: string }[];
  close(): Promise<void>;
}

type Fault = (response: ServerResponse, hit: number, request: IncomingMessage) => void;

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

const FAULTS: Record<string, Fault> = {
  "/ok": (response, hit) => json(response, 200, { ok: true, hit }),
  "/hang": () => {},
  "/reset": (response) => response.socket?.resetAndDestroy(),
  "/slow-body": (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const drip = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(drip));
  },
  "/truncated": (response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write('{"ok":');
    setTimeout(() => response.socket?.destroy(), 20);
  },
  "/large-declared": (response) => {
    response.writeHead(200, { "content-length": "50000000" });
    response.write("[");
  },
  "/large-streamed": (response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(`"${"x".repeat(65_000)}",`));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  },
  "/gzip-bomb": (response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(50_000_000, " ")));
  },
  "/gzip": (response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync('{"zipped":true}'));
  },
  "/gzip-truncated": (response) => {
    const whole = gzipSync(JSON.stringify({ text: "x".repeat(5000) }));
    response.writeHead(200, { "content-encoding": "gzip" }).end(whole.subarray(0, whole.length - 12));
  },
  "/zstd": (response) => response.writeHead(200, { "content-encoding": "zstd" }).end("?"),
  "/html": (response) =>
    response
      .writeHead(200, { "content-type": "text/html" })
      .end("<!DOCTYPE html>\u001b[31m<title>Just a moment...</title>"),
  "/not-json": (response) => response.writeHead(200).end('{"a": 1,'),
  "/nesting": (response) => {
    response.writeHead(200);
    const block = "[".repeat(64 * 1024);
    let sent = 0;
    const more = (): void => {
      while (!response.destroyed && sent < 50_000_000) {
        sent += block.length;
        if (!response.write(block)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  },
  "/retry-after-seconds": (response, hit) =>
    hit === 1 ? json(response, 429, {}, { "retry-after": "2" }) : json(response, 200, { ok: true }),
  "/retry-after-date": (response, hit) => {
    const now = new Date("2026-11-21T00:00:00Z");
    const headers = { date: now.toUTCString(), "retry-after": new Date(now.getTime() + 7000).toUTCString() };
    if (hit === 1) json(response, 503, {}, headers);
    else json(response, 200, { ok: true });
  },
  "/retry-after-long": (response) => json(response, 429, {}, { "retry-after": "3600" }),
  "/flaky": (response, hit) => (hit < 3 ? json(response, 500, { hit }) : json(response, 200, { hit })),
  "/redirect": (response) => response.writeHead(301, { location: "http://127.0.0.1:1/elsewhere" }).end(),
};

export async function startFaultServer(): Promise<FaultServer> {
  const counts = new Map<string, number>();
  const seen: FaultServer["seen"] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    const path = url.split("?")[0] ?? "";
    const hit = (counts.get(path) ?? 0) + 1;
    counts.set(path, hit);
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      seen.push({ url, headers: request.headers, body });
      const status = /^\/status\/(\d+)/.exec(path)?.[1];
      if (status !== undefined) json(response, Number(status), { status: Number(status), hit });
      else if (path.startsWith("/echo")) json(response, 401, { echo: url, headers: request.headers, body });
      else (FAULTS[path] ?? FAULTS["/ok"])?.(response, hit, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits: (path) => counts.get(path) ?? 0,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
