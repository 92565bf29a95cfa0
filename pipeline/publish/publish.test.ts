import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MINT_BURN_EVENTS } from "../schema/flows.ts";
import { HISTORY_DATASETS, PRICE_HISTORY, STABLECOIN_CHARTS } from "../schema/history.ts";
import { openPath } from "../store/open-rows.ts";
import { canonicalJson, canonicalLine } from "./canonical-json.ts";
import { mergeHistory } from "./history-files.ts";
import { signatureHolds, signManifest } from "./manifest.ts";
import { lockData, putInPlace, recover } from "./staging.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-publish-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe("canonical JSON", () => {
  it("does not depend on the order in which keys were set", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const shuffled = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("sorts keys and writes -0 as 0", () => {
    expect(canonicalJson({ b: -0, a: 1 })).toBe('{\n  "a": 1,\n  "b": 0\n}\n');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 10n])("refuses %s and names the place", (value) => {
    expect(() => canonicalLine({ rows: [{ price: value }] })).toThrow(/\$\.rows\[0\]\.price/);
  });
});

describe("history rows", () => {
  const row = (observedRunAt: number, coinId: string, priceUsd: number | null = 1) => ({
    observedRunAt,
    coinId,
    priceUsd,
    confidence: null,
    deviationBps: null,
  });
  const day = Date.UTC(2026, 10, 20) / 1000;

  it("go to the file of their own day, ordered by time and key", () => {
    const files = mergeHistory(dataDir, PRICE_HISTORY, [
      row(day + 60, "b-b"),
      row(day + 60, "a-a"),
      row(day - 1, "a-a"),
    ]);
    expect([...files.keys()].sort()).toEqual([
      "history/price-history/2026-11-19.ph.jsonl",
      "history/price-history/2026-11-20.ph.jsonl",
    ]);
    const file = files.get("history/price-history/2026-11-20.ph.jsonl");
    expect(file?.rows).toBe(2);
    // Rows of one time lie in one line.
    expect(JSON.parse(file?.text ?? "")).toMatchObject({ observedRunAt: day + 60, coinId: ["a-a", "b-b"] });
  });

  it("already there are not added again, whatever the order of two racing runs", () => {
    const path = "history/price-history/2026-11-20.ph.jsonl";
    const first = [row(day + 60, "a-a"), row(day + 60, "b-b")];
    const second = [row(day + 120, "a-a", 0.99)];
    const merged = (one: typeof first, two: typeof first) => {
      mkdirSync(join(dataDir, "history", "price-history"), { recursive: true });
      writeFileSync(join(dataDir, path), mergeHistory(dataDir, PRICE_HISTORY, one).get(path)?.text ?? "");
      const file = mergeHistory(dataDir, PRICE_HISTORY, [...two, ...one]).get(path);
      rmSync(join(dataDir, path));
      return file;
    };
    expect(merged(first, second)).toEqual(merged(second, first));
    expect(merged(first, second)?.rows).toBe(3);
    expect(merged(first, second)?.text.trim().split("\n")).toHaveLength(2);
  });

  it("have names that git tells apart, whose last sixteen letters it looks at", () => {
    const daily = HISTORY_DATASETS.filter(({ period }) => period === "day");
    const ends = ["2026-11-20", "2026-11-21"].flatMap((date) => daily.map((each) => openPath(each, date).slice(-16)));
    expect(daily.length).toBeGreaterThan(5);
    expect(new Set(ends).size).toBe(2 * daily.length);
  });

  it("of a yearly dataset share the file of their year", () => {
    const files = mergeHistory(dataDir, STABLECOIN_CHARTS, [{ date: day, pegType: "peggedUSD", circulatingUsd: 1 }]);
    expect([...files.keys()]).toEqual(["history/stablecoin-charts/2026.jsonl"]);
  });

  it("stand once, as last corrected, in the order of time and the text of their key", () => {
    const path = "history/mint-burn-events/2026-11-20.mbe.jsonl";
    const event = fc.record({
      coinId: fc.constantFrom("a", "a b", 'a"b', "ab"),
      blockNumber: fc.constantFrom(9, 10, 99, 100),
      logIndex: fc.nat(2),
      txHash: fc.constantFrom("0x1", "0x10", "0x2"),
      timestamp: fc.nat(2).map((sec) => day + sec),
      revision: fc.nat(2),
      chainId: fc.constant("c"),
    });
    const keyOf = (one: Record<string, unknown>) => JSON.stringify(MINT_BURN_EVENTS.key.map((name) => one[name]));
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 40 }),
        fc.array(event, { minLength: 1, maxLength: 40 }),
        (old, fresh) => {
          const stored = mergeHistory(dataDir, MINT_BURN_EVENTS, old).get(path)?.text;
          mkdirSync(join(dataDir, "history", "mint-burn-events"), { recursive: true });
          writeFileSync(join(dataDir, path), stored ?? "");
          const merged = mergeHistory(dataDir, MINT_BURN_EVENTS, fresh).get(path)?.text;
          rmSync(join(dataDir, path));
          const expected = new Map<string, (typeof old)[number]>();
          for (const one of [...old, ...fresh]) {
            const known = expected.get(keyOf(one));
            if (known === undefined || one.revision > known.revision) expected.set(keyOf(one), one);
          }
          const inOrder = [...expected.values()].sort(
            (a, b) => a.timestamp - b.timestamp || (keyOf(a) < keyOf(b) ? -1 : 1),
          );
          expect(merged).toBe(inOrder.map((one) => `${canonicalLine(one)}\n`).join(""));
        },
      ),
    );
  });

  it("on a line that is no JSON, or no rows, stop the run and name file and line", () => {
    mkdirSync(join(dataDir, "history", "price-history"), { recursive: true });
    const path = join(dataDir, "history", "price-history", "2026-11-20.ph.jsonl");
    const merge = () => mergeHistory(dataDir, PRICE_HISTORY, [row(day, "a-a")]);
    const good = [...merge().values()][0]?.text ?? "";
    for (const bad of ['{"coi', "null", '{"coinId":["a-a"]}', good.trim().replace('["a-a"]', '["a-a","b-b"]')]) {
      writeFileSync(path, `${good}${bad}`);
      expect(merge, bad).toThrow(expect.objectContaining({ message: expect.stringContaining("line 2"), where: path }));
    }
  });
});

describe("staging", () => {
  it("without a journal is thrown away, with one is finished", () => {
    putInPlace(dataDir, "old", new Map([["snapshots/a.json", "old"]]));
    const stopAt = (step: string) => () =>
      putInPlace(dataDir, "new", new Map([["snapshots/a.json", "new"]]), (at) => {
        if (at === step) throw new Error("killed");
      });
    // A throw before the journal is a failure the run itself cleans up.
    expect(stopAt("journal written")).toThrow("killed");
    expect(recover(dataDir)).toEqual([]);
    expect(readFileSync(join(dataDir, "snapshots/a.json"), "utf8")).toBe("old");
    expect(stopAt("moved snapshots/a.json")).toThrow("killed");
    expect(recover(dataDir)).toEqual(["new"]);
    expect(readFileSync(join(dataDir, "snapshots/a.json"), "utf8")).toBe("new");
    expect(existsSync(join(dataDir, ".staging", "new"))).toBe(false);
  });

  it("lets one run in at a time and takes over the lock of a dead one", () => {
    const unlock = lockData(dataDir);
    expect(() => lockData(dataDir)).toThrow(/another run \(process \d+\)/);
    unlock();
    writeFileSync(join(dataDir, ".staging", "lock"), "999999999");
    lockData(dataDir)();
  });
});

describe("the manifest's signature", () => {
  const pair = generateKeyPairSync("ed25519");
  const key = pair.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");

  it("holds for the exact bytes and for no others", () => {
    const signature = JSON.parse(signManifest("{}\n", key));
    expect(signature.publicKey).toBe(pair.publicKey.export({ format: "der", type: "spki" }).toString("base64"));
    expect(signatureHolds("{}\n", signature)).toBe(true);
    expect(signatureHolds("{ }\n", signature)).toBe(false);
  });

  it("is refused with a key of another kind, without printing the key", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
      .privateKey.export({ format: "der", type: "pkcs8" })
      .toString("base64");
    expect(() => signManifest("{}", rsa)).toThrow(/PLUMBLINE_SIGNING_KEY is not an Ed25519 key/);
    expect(() => signManifest("{}", "nonsense")).toThrow(/PLUMBLINE_SIGNING_KEY/);
  });
});
