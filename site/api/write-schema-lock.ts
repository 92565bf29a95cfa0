/** Writes v1.schema-lock.json after the API has grown: `npm exec -- tsx site/api/write-schema-lock.ts`. */
import { updateLock } from "./schema-lock.ts";

try {
  console.log(`v1.schema-lock.json: ${updateLock().added} fields added`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
