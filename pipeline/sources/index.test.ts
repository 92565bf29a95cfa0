import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { UpstreamsFileSchema } from "../schema/upstream.ts";
import { sources } from "./index.ts";

const upstreams = new Set(
  UpstreamsFileSchema.parse(
    JSON.parse(readFileSync(new URL("../../data/registry/upstreams.json", import.meta.url), "utf8")),
  ).map(({ id }) => id),
);

/** Read already, asked by no lane yet; entering one into upstreams.json takes it out of here. */
const TO_COME = ["etherscan"];

describe("every source", () => {
  const all = [...sources.values()];

  test("is in the list under an id of its own", () => {
    expect(all.length).toBeGreaterThan(30);
    expect(sources.size).toBe(all.length);
  });

  test.each(all.map((source) => [source.id, source] as const))(
    "%s tells a stranger where it comes from",
    (id, source) => {
      expect(id).toMatch(/^[a-z0-9-]+:[A-Za-z0-9_-]+$/);
      expect(z.url().safeParse(source.docs).success).toBe(true);
      expect(source.breaker === null || /^[a-z0-9-]+$/.test(source.breaker)).toBe(true);
    },
  );

  test.each(all.map((source) => [source.id, source] as const))("%s refuses what is not its answer", (_id, source) => {
    for (const body of [null, 1, "text", [1], [null], { surprise: [] }, { error: 7 }]) {
      expect(() => source.parse(body, {})).toThrow(
        expect.objectContaining({ name: expect.stringMatching(/^(SourceChanged|RpcError)$/) }),
      );
    }
  });

  test("asks an upstream of the registry, a node, or one whose lane is still to come", () => {
    const unknown = all.map(({ upstream }) => upstream).filter((id) => id !== "rpc" && !upstreams.has(id));
    expect([...new Set(unknown)].sort()).toEqual(TO_COME);
  });
});
