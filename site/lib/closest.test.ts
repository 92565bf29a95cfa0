import { describe, expect, it } from "vitest";
import { closest, editDistance } from "./closest.ts";

const ids = ["usdc-circle", "usdt-tether", "dai-makerdao", "susds-sky"];

describe("did you mean", () => {
  it("counts letters to change", () => {
    expect([editDistance("", "abc"), editDistance("usdc", "usdt"), editDistance("a", "a")]).toEqual([3, 1, 0]);
  });

  it("finds the coin behind a typing error, a ticker, or a wrong issuer", () => {
    expect(closest("usdc-cirkle", ids)[0]).toBe("usdc-circle");
    expect(closest("USDC", ids)[0]).toBe("usdc-circle");
    expect(closest("dai-sky", ids)[0]).toBe("dai-makerdao");
  });

  it("offers nothing for nonsense, nothing for nothing, and survives a very long word", () => {
    expect(closest("qqqqqqqqqqqqqqqqqqqq", ids)).toEqual([]);
    expect(closest("///", ids)).toEqual([]);
    expect(closest("x".repeat(10_000), ids)).toEqual([]);
  });
});
