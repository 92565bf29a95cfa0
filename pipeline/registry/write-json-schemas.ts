/** Writes the JSON Schemas of the hand-edited files: run it after changing a zod schema of the registry. */
import { writeJsonSchemas } from "./json-schemas.ts";

for (const path of writeJsonSchemas("data")) console.log(path);
