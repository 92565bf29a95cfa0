import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { addCoin } from "./add-coin.ts";
import { checkRegistry } from "./check.ts";
import { loadRegistry } from "./registry.ts";
import { type TinyRegistry, tinyRegistry } from "./tiny-registry.ts";

let tiny: TinyRegistry;
beforeEach(() => {
  tiny = tinyRegistry();
});
afterEach(() => tiny.remove());

describe("addCoin", () => {
  const eurc = { id: "eurc-circle", symbol: "EURC", name: "Euro Coin", pegCurrency: "EUR" };

  it("writes a skeleton that the registry accepts at once", () => {
    const { path, coin } = addCoin({ dataDir: tiny.dataDir, ...eurc, llamaId: "50" });
    expect(coin.peg).toEqual({ currency: "EUR", type: "peggedEUR", referenceId: null });
    expect(readFileSync(path, "utf8")).toBe(`${JSON.stringify(coin, null, 2)}\n`);
    expect(checkRegistry(tiny.dataDir).problems).toEqual([]);
    expect(loadRegistry(tiny.dataDir).coinByLlamaId.get("50")?.id).toBe("eurc-circle");
  });

  it("labels the Brazilian real as DefiLlama does", () => {
    const { coin } = addCoin({
      dataDir: tiny.dataDir,
      id: "brz-transfero",
      symbol: "BRZ",
      name: "BRZ",
      pegCurrency: "BRL",
    });
    expect(coin.peg.type).toBe("peggedREAL");
  });

  it.each([
    ["an id that exists", { ...eurc, id: "usdc-circle" }, /usdc-circle is already in the registry/],
    ["a malformed id", { ...eurc, id: "../EURC" }, /id[\s\S]*ticker-issuer[\s\S]*"\.\.\/EURC"[\s\S]*"usdc-circle"/],
    ["an unknown currency", { ...eurc, pegCurrency: "XYZ" }, /peg\.currency[\s\S]*"XYZ"/],
    ["a website that runs code", { ...eurc, website: "javascript:alert(1)" }, /website[\s\S]*https/],
    ["a website without https", { ...eurc, website: "circle.com" }, /website[\s\S]*https/],
  ])("refuses %s and writes nothing", (_, coin, message) => {
    const before = checkRegistry(tiny.dataDir).counts.coins;
    expect(() => addCoin({ dataDir: tiny.dataDir, ...coin })).toThrow(UsageError);
    expect(() => addCoin({ dataDir: tiny.dataDir, ...coin })).toThrow(message);
    expect(checkRegistry(tiny.dataDir).counts.coins).toBe(before);
  });
});
