import fc from "fast-check";
import { decodeEventLog, encodeAbiParameters, encodeEventTopics, type Hex, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import type { MintBurnEventKind } from "../schema/coin.ts";
import { definitionsOf } from "./event-definitions.ts";
import { parseLogs } from "./parse-logs.ts";

const ABI = parseAbi([
  "event Transfer(address indexed from, address indexed to, uint256 value)",
  "event Issue(uint256 amount)",
  "event Redeem(uint256 amount)",
  "event Deposited(address user, address token, uint256 amount)",
  "event InstantRedemptionRouted(address indexed user, uint256 shares, uint256 payout)",
]);
const ZERO = `0x${"0".repeat(40)}` as const;
/** A history row holds 38 digits; larger amounts are refused before they are stored. */
const units = fc.bigInt({ min: 1n, max: 10n ** 38n - 1n });
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}` as Hex);

type Said = { args: Record<string, unknown> };

/** What our reading by fixed places makes of a log that viem encoded. */
function ours(kind: MintBurnEventKind, nth: number, topics: readonly unknown[], data: Hex) {
  const definition = definitionsOf([kind])[nth];
  if (definition === undefined) throw new Error(`${kind} has no definition ${nth}`);
  expect(topics[0]).toBe(definition.topicHash);
  const log = { topics: topics as string[], data, blockNumber: 7, transactionHash: "0x1", logIndex: 3 };
  const prices = { history: {}, current: {}, currentUpdatedAt: {}, runTimestamp: 0 };
  const contract = { coinId: "x", chainId: "y", decimals: 18, dustThreshold: 0 };
  const [row] = parseLogs(contract, definition, [log], () => 1_700_000_000, prices).rows;
  return row;
}

const viems = (topics: unknown, data: Hex) =>
  (decodeEventLog({ abi: ABI, topics: topics as [Hex], data }) as unknown as Said).args;
const lower = (value: unknown) => String(value).toLowerCase();

describe("reading by fixed places", () => {
  it("finds in transfers what viem decodes", () => {
    fc.assert(
      fc.property(units, address, fc.boolean(), (value, party, isMint) => {
        const args = isMint ? { from: ZERO, to: party } : { from: party, to: ZERO };
        const topics = encodeEventTopics({ abi: ABI, eventName: "Transfer", args });
        const data = encodeAbiParameters([{ type: "uint256" }], [value]);
        const said = viems(topics, data);
        const row = ours("transfer", isMint ? 0 : 1, topics, data);
        expect(row?.amountUnits).toBe(String(said.value));
        expect(row?.counterparty).toBe(lower(isMint ? said.to : said.from));
      }),
    );
  });

  it("finds in issuers' and vaults' own events what viem decodes", () => {
    fc.assert(
      fc.property(units, units, address, address, (first, second, user, token) => {
        for (const [kind, eventName] of [
          ["usdt-issue", "Issue"],
          ["usdt-redeem", "Redeem"],
        ] as const) {
          const topics = encodeEventTopics({ abi: ABI, eventName });
          const data = encodeAbiParameters([{ type: "uint256" }], [first]);
          const row = ours(kind, 0, topics, data);
          expect(row?.amountUnits).toBe(String(viems(topics, data).amount));
          expect(row?.counterparty).toBeNull();
        }
        const deposited = encodeEventTopics({ abi: ABI, eventName: "Deposited" });
        const parts = [{ type: "address" }, { type: "address" }, { type: "uint256" }] as const;
        const depositData = encodeAbiParameters(parts, [user, token, first]);
        const deposit = ours("reusd-deposited", 0, deposited, depositData);
        expect(deposit?.amountUnits).toBe(String(viems(deposited, depositData).amount));
        expect(deposit?.counterparty).toBe(lower(viems(deposited, depositData).user));
        const routed = encodeEventTopics({ abi: ABI, eventName: "InstantRedemptionRouted", args: { user } });
        const routedData = encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [first, second]);
        const redemption = ours("reusd-instant-redemption-routed", 0, routed, routedData);
        expect(redemption?.amountUnits).toBe(String(viems(routed, routedData).shares));
        expect(redemption?.counterparty).toBe(lower(viems(routed, routedData).user));
      }),
      { numRuns: 50 },
    );
  });
});
