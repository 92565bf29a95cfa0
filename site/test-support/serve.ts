/**
 * A small static server over a built site, as a host like Pages serves it: gzip, index.html, 404.html, and ranges of files that
 * are compressed already. For tests and measurements.
 */
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

export interface Served {
  path: string;
  method: string;
  /** Range header as asked; null where the whole file was. */
  range: string | null;
  /** Bytes of the body. */
  bytes: number;
}

export interface StaticServer {
  url: string;
  /** Every answer so far. */
  served: Served[];
  close(): Promise<void>;
}

/** The file a path asks for, or null. */
export function fileFor(root: string, pathname: string): string | null {
  const path = join(root, normalize(decodeURIComponent(pathname)));
  if (!path.startsWith(root) || !existsSync(path)) return null;
  const file = statSync(path).isDirectory() ? join(path, "index.html") : path;
  return existsSync(file) ? file : null;
}

const isCompressed = (file: string) => file.endsWith(".parquet");

/** First and last byte of a range of a file of `size` bytes, or null where the header makes no sense. */
function rangeOf(header: string, size: number): [first: number, last: number] | null {
  const [, first = "", last = ""] = /^bytes=(\d+)-(\d*)$/.exec(header) ?? [];
  if (first === "" || Number(first) >= size) return null;
  return [Number(first), Math.min(last === "" ? size - 1 : Number(last), size - 1)];
}

export async function serveStatic(root: string, port = 0): Promise<StaticServer> {
  const served: Served[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const found = fileFor(root, pathname);
    const file = found ?? join(root, "404.html");
    const headers: Record<string, string> = {
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Cache-Control": "public, max-age=600",
    };
    const content = readFileSync(file);
    let status = found ? 200 : 404;
    let body: Buffer = content;
    const range = request.headers.range ?? null;
    if (!isCompressed(file)) {
      headers["Content-Encoding"] = "gzip";
      body = gzipSync(content);
    } else {
      headers["Accept-Ranges"] = "bytes";
      headers.ETag = `"${content.length}-${statSync(file).mtimeMs}"`;
      const part = range === null ? null : rangeOf(range, content.length);
      if (part !== null) {
        status = 206;
        body = content.subarray(part[0], part[1] + 1);
        headers["Content-Range"] = `bytes ${part[0]}-${part[1]}/${content.length}`;
      }
    }
    headers["Content-Length"] = String(body.length);
    const isHead = request.method === "HEAD";
    served.push({ path: pathname, method: request.method ?? "", range, bytes: isHead ? 0 : body.length });
    response.writeHead(status, headers).end(isHead ? undefined : body);
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
