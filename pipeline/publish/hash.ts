/** SHA-256, as hex, of bytes or text, and the content address of a snapshot. */
import { createHash } from "node:crypto";
import type { Json } from "./canonical-json.ts";

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Content address of a snapshot: what it says, whoever computed it and for when. `data` is canonical. */
export function snapshotId(data: Json): string {
  return sha256(JSON.stringify(data)).slice(0, 16);
}
