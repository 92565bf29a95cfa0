/**
 * How far each contract was read. EVM counts blocks, Tron milliseconds of event time: the unit stands in the record, and a cursor
 * of the other unit is no cursor.
 */
import { z } from "zod";
import { UnixSecondsSchema } from "../schema/envelope.ts";
import type { FreezeEvent } from "../schema/freezes.ts";

export const FREEZES_STATE = "freezes";

const CursorSchema = z.object({
  unit: z.enum(["block", "ms"]),
  value: z.int().nonnegative(),
  since: UnixSecondsSchema,
});
export type Cursor = z.infer<typeof CursorSchema>;

/** By coin, then chain and address: whether it is frozen now, and its last known balance in tokens. */
const FrozenSchema = z.record(
  z.string(),
  z.record(z.string(), z.object({ active: z.boolean(), amount: z.string().nullable() })),
);
export type Frozen = z.infer<typeof FrozenSchema>;

const StateSchema = z.object({ cursors: z.record(z.string(), CursorSchema), frozen: FrozenSchema });
export type FreezeState = z.infer<typeof StateSchema>;

export function readFreezeState(state: unknown): FreezeState {
  return StateSchema.safeParse(state).data ?? { cursors: {}, frozen: {} };
}

export function cursorOf(state: FreezeState, key: string, unit: Cursor["unit"]): Cursor | null {
  const cursor = Object.hasOwn(state.cursors, key) ? state.cursors[key] : undefined;
  return cursor?.unit === unit ? cursor : null;
}

/** The register after these events, oldest first: a release keeps the balance, a seizure ends what is frozen. */
export function withEvents(frozen: Frozen, events: readonly FreezeEvent[]): Frozen {
  const next: Frozen = structuredClone(frozen);
  for (const { coinId, chainId, address, eventType, amount } of events) {
    next[coinId] ??= {};
    const own = next[coinId];
    const key = `${chainId}/${address}`;
    const before = own[key] ?? { active: false, amount: null };
    if (eventType === "blacklist") own[key] = { active: true, amount: amount ?? before.amount };
    else if (eventType === "unblacklist") own[key] = { ...before, active: false };
    else own[key] = { active: before.active, amount: "0" };
  }
  return next;
}

export interface FrozenSums {
  activeAddresses: number;
  frozenUsd: number | null;
  activeFrozenUsd: number | null;
  amountGaps: number;
}

export function frozenSums(own: Frozen[string] | undefined, priceUsd: number | null): FrozenSums {
  const rows = Object.values(own ?? {});
  const sum = (list: typeof rows) => {
    const known = list.flatMap(({ amount }) => (amount === null ? [] : [Number(amount)]));
    if (priceUsd === null || known.length === 0) return null;
    return Number((known.reduce((total, tokens) => total + tokens, 0) * priceUsd).toPrecision(3));
  };
  return {
    activeAddresses: rows.filter(({ active }) => active).length,
    frozenUsd: sum(rows),
    activeFrozenUsd: sum(rows.filter(({ active }) => active)),
    amountGaps: rows.filter(({ amount }) => amount === null).length,
  };
}
