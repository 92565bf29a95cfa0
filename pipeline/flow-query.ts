/**
 * Queries of the flows and events API: parameters as text from a URL, and which events they ask for.
 *
 * One set of rules for the files made when the site is built and for the reader's browser.
 */
import { isCounted } from "./flow-figures.ts";
import type { FlowDirection, FlowEvent } from "./schema/flows.ts";

const RANGES: Readonly<Record<string, { min: number; max: number }>> = {
  hours: { min: 1, max: 720 },
  limit: { min: 1, max: 500 },
  offset: { min: 0, max: Number.MAX_SAFE_INTEGER },
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  direction: ["mint", "burn"],
  burnType: ["effective_burn", "bridge_burn", "review_required"],
  scope: ["all", "counted"],
};

/** "ok", or "400" for what the API refuses; a parameter that is not given is fine. */
export function validateParam(param: string, value: string | null): "ok" | "400" {
  if (value === null) return "ok";
  const choices = CHOICES[param];
  if (choices !== undefined) return choices.includes(value) ? "ok" : "400";
  const range = RANGES[param];
  if (range === undefined || !/^\d+$/.test(value)) return "400";
  const number = Number(value);
  return number >= range.min && number <= range.max ? "ok" : "400";
}

/** Amounts of at least `minAmount` USD; 0 keeps everything, unpriced ones too. */
export function filterMinAmount<Item>(
  items: readonly Item[],
  minAmount: number,
  amountUsdOf: (item: Item) => number | null,
): Item[] {
  return items.filter((item) => reachesAmount(amountUsdOf(item), minAmount));
}

function reachesAmount(amountUsd: number | null, minAmount: number): boolean {
  return !(minAmount > 0) || (amountUsd !== null && amountUsd >= minAmount);
}

export interface EventQuery {
  direction: FlowDirection | null;
  chain: string | null;
  burnType: NonNullable<FlowEvent["burnType"]> | null;
  scope: "all" | "counted";
  /** USD; 0: any, unpriced events too. */
  minAmount: number;
  limit: number;
  offset: number;
}

export const EVERY_EVENT: EventQuery = {
  direction: null,
  chain: null,
  burnType: null,
  scope: "all",
  minAmount: 0,
  limit: 50,
  offset: 0,
};

/** The query of a URL; an empty value is one that is not given. `chains`: those the coin is read on. */
export function parseEventQuery(
  params: Pick<URLSearchParams, "get">,
  chains: readonly string[],
): { ok: true; query: EventQuery } | { ok: false; problem: string } {
  const given = (name: string) => params.get(name)?.trim() || null;
  for (const name of [...Object.keys(CHOICES), "limit", "offset"])
    if (validateParam(name, given(name)) !== "ok")
      return {
        ok: false,
        problem: `${name} must be ${CHOICES[name]?.join(" or ") ?? `a whole number from ${RANGES[name]?.min}${name === "limit" ? " to 500" : ""}`}`,
      };
  const chain = given("chain");
  if (chain !== null && !chains.includes(chain))
    return { ok: false, problem: `chain must be ${chains.join(" or ")}: the coin is read nowhere else` };
  const minAmount = Number(given("minAmount") ?? 0);
  if (!Number.isFinite(minAmount) || minAmount < 0)
    return { ok: false, problem: "minAmount must be an amount of USD, 0 or more" };
  return {
    ok: true,
    query: {
      direction: given("direction") as EventQuery["direction"],
      chain,
      burnType: given("burnType") as EventQuery["burnType"],
      scope: (given("scope") ?? EVERY_EVENT.scope) as EventQuery["scope"],
      minAmount,
      limit: Number(given("limit") ?? EVERY_EVENT.limit),
      offset: Number(given("offset") ?? EVERY_EVENT.offset),
    },
  };
}

/** What of an event a query looks at. */
export type QueriedEvent = Pick<FlowEvent, "chainId" | "direction" | "flowType" | "burnType"> & {
  amountUsd: number | null;
};

/** Columns a query has to see; the others may stay where they are. */
export function queriedColumns(query: EventQuery): (keyof QueriedEvent)[] {
  const columns = new Set<keyof QueriedEvent>();
  if (query.direction !== null) columns.add("direction");
  if (query.chain !== null) columns.add("chainId");
  if (query.burnType !== null) columns.add("direction").add("burnType");
  if (query.scope === "counted") columns.add("direction").add("flowType").add("burnType");
  if (query.minAmount > 0) columns.add("amountUsd");
  return [...columns];
}

/** Whether an event is asked for. Columns that `queriedColumns` does not name are not looked at. */
export function isAskedFor(query: EventQuery, event: QueriedEvent): boolean {
  if (query.direction !== null && event.direction !== query.direction) return false;
  if (query.chain !== null && event.chainId !== query.chain) return false;
  if (query.burnType !== null && (event.direction !== "burn" || event.burnType !== query.burnType)) return false;
  if (query.scope === "counted" && !isCounted(event)) return false;
  return reachesAmount(event.amountUsd, query.minAmount);
}
