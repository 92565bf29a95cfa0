/** An upstream of the registry: whom the one client may ask, how hard, with which key, and on what terms. */
import { z } from "zod";

const pageUrl = z.url({ protocol: /^https?$/, error: "an address with https://" });
const httpUrl = z.string().regex(/^https?:\/\/[^\s/]+(\/\S*[^\s/])?$/, "an http(s) address without a slash at its end");

export const UpstreamSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens")
    .describe("Name in code and reports"),
  name: z.string().min(1).describe("Name for people"),
  baseUrl: httpUrl.describe("Paths of its sources are below this"),
  timeoutMs: z.int().min(100).max(120_000).describe("Total time allowed for one attempt"),
  maxBytes: z.int().min(1024).max(268_435_456).describe("An answer larger than this is refused while it streams"),
  retries: z.int().min(0).max(5).describe("Attempts after the first"),
  concurrency: z.int().min(1).max(16).describe("Requests in flight at once"),
  perSecond: z.number().positive().max(50).describe("Requests started a second"),
  keyEnv: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, "an environment variable")
    .nullable()
    .describe("Variable with the key; null: no key exists"),
  keyRequired: z.boolean().describe("true: without its key the source is disabled"),
  licence: z.string().min(1).nullable().describe("Terms the answers come under; null: not stated by the producer"),
  attributionUrl: pageUrl.describe("Whom to name, as a link"),
  docs: pageUrl.describe("Where a stranger reads about it"),
});
export type Upstream = z.infer<typeof UpstreamSchema>;

export const UpstreamsFileSchema = z
  .array(UpstreamSchema)
  .describe("Upstreams of the Plumbline registry, sorted by id");

/** The file given to --upstreams. It replaces everything: what it does not name cannot be reached. */
export const UpstreamOverridesSchema = z.strictObject({
  simulated: z.boolean().describe("true: everything made from these is labelled simulated"),
  upstreams: z.record(z.string(), httpUrl).describe("Upstream id to base URL"),
  rpc: z.record(z.string(), z.array(httpUrl).min(1)).describe("CAIP-2 chain id to node addresses"),
});
export type UpstreamOverrides = z.infer<typeof UpstreamOverridesSchema>;
