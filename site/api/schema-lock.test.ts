import { describe, expect, it } from "vitest";
import { z } from "zod";
import { jsonSchemaOf } from "./endpoints.ts";
import { compareShapes, currentShapes, flatten, readLock } from "./schema-lock.ts";

const shape = (schema: z.ZodType) => ({ file: flatten(jsonSchemaOf(schema)) });
const before = shape(z.object({ id: z.string(), price: z.number().nullable(), tags: z.array(z.string()) }));

describe("the gate of v1", () => {
  it("nothing published under /api/v1 has been removed, renamed or retyped", () => {
    const { breaks } = compareShapes(readLock(), currentShapes());
    expect(breaks, "a breaking change belongs under /api/v2; see site/api/schema-lock.ts").toEqual([]);
  });

  it("the lock holds everything that is published today", () => {
    const { isGrown } = compareShapes(readLock(), currentShapes());
    expect(isGrown, "the API grew: run `npm exec -- tsx site/api/write-schema-lock.ts` and commit the lock").toBe(
      false,
    );
    expect(Object.keys(readLock()).length).toBeGreaterThan(10);
  });

  it("refuses a removed field and names it", () => {
    const now = shape(z.object({ id: z.string(), tags: z.array(z.string()) }));
    expect(compareShapes(before, now).breaks).toEqual([
      "file: price (null|number) is gone or renamed; v1 keeps every field",
    ]);
  });

  it("refuses a changed type, also inside lists", () => {
    const now = shape(z.object({ id: z.number(), price: z.number().nullable(), tags: z.array(z.number()) }));
    expect(compareShapes(before, now).breaks).toHaveLength(2);
  });

  it("refuses a value that may suddenly be null or missing", () => {
    const nullable = shape(
      z.object({ id: z.string().nullable(), price: z.number().nullable(), tags: z.array(z.string()) }),
    );
    const optional = shape(
      z.object({ id: z.string().optional(), price: z.number().nullable(), tags: z.array(z.string()) }),
    );
    expect(compareShapes(before, nullable).breaks).toEqual([
      "file: id was string and is null|string; v1 keeps every type",
    ]);
    expect(compareShapes(before, optional).breaks).toEqual(["file: id was string and is string?; v1 keeps every type"]);
  });

  it("refuses a file that is gone", () => {
    expect(compareShapes(before, {}).breaks).toHaveLength(1);
  });

  it("lets files and fields be added, and says that the lock should know them", () => {
    const now = shape(
      z.object({ id: z.string(), price: z.number().nullable(), tags: z.array(z.string()), name: z.string() }),
    );
    expect(compareShapes(before, now)).toEqual({ breaks: [], isGrown: true });
    expect(compareShapes(before, { ...before, other: {} }).breaks).toEqual([]);
  });

  it("lets a closed list grow and null go, but keeps what a list had", () => {
    const was = shape(z.object({ a: z.enum(["x", "y"]), b: z.number().nullable() }));
    const grown = shape(z.object({ a: z.enum(["x", "y", "z"]), b: z.int() }));
    const shrunk = shape(z.object({ a: z.enum(["x"]), b: z.number().nullable() }));
    expect(compareShapes(was, grown)).toEqual({ breaks: [], isGrown: true });
    expect(compareShapes(was, shrunk).breaks).toHaveLength(1);
  });
});
