/** Serves given texts from loopback, as a real upstream's mirror would: path to body, anything else is 404. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface StaticServer {
  url: string;
  /** Replaces what is served. */
  serve(bodies: Record<string, string | Buffer>): void;
  close(): Promise<void>;
}

export async function startStaticServer(): Promise<StaticServer> {
  let bodies: Record<string, string | Buffer> = {};
  const server = createServer((request, response) => {
    const body = bodies[(request.url ?? "").split("?")[0] ?? ""];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(body ?? '{"error":"not found"}');
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(next) {
      bodies = next;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}
