/** A small static server over a built site, as a host like Pages serves it: gzip, index.html, 404.html. For tests and measurements. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
  ".atom": "application/atom+xml; charset=utf-8",
};

export interface StaticServer {
  url: string;
  close(): Promise<void>;
}

/** The file a path asks for, or null. */
export function fileFor(root: string, pathname: string): string | null {
  const path = join(root, normalize(decodeURIComponent(pathname)));
  if (!path.startsWith(root) || !existsSync(path)) return null;
  const file = statSync(path).isDirectory() ? join(path, "index.html") : path;
  return existsSync(file) ? file : null;
}

export async function serveStatic(root: string, port = 0): Promise<StaticServer> {
  const server = createServer((request, response) => {
    const found = fileFor(root, new URL(request.url ?? "/", "http://localhost").pathname);
    const file = found ?? join(root, "404.html");
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const headers = { "Content-Type": type, "Content-Encoding": "gzip", "Cache-Control": "public, max-age=600" };
    response.writeHead(found ? 200 : 404, headers).end(gzipSync(readFileSync(file)));
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
