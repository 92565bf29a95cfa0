/** Reserve readings as they lie in git: times of this run are the run's own. */
import type { ReserveRow, Reserves } from "../schema/reserves.ts";
import { packTime, type Row, type TimeChange, unpackTime } from "./pack-times.ts";

function changed({ reading, sync, ...row }: ReserveRow, at: number, change: TimeChange): Row {
  const times = (fields: object, keys: string[]) => keys.reduce((all, key) => change(all, key, at), fields as Row);
  return {
    ...row,
    sync: times(sync, ["lastAttemptedAt", "lastSuccessAt"]),
    reading:
      reading === null
        ? null
        : {
            ...times(reading, ["fetchedAt"]),
            metadata: {
              ...times(reading.metadata, ["sourceTimestamp"]),
              ...(reading.metadata.redemption
                ? { redemption: times(reading.metadata.redemption, ["sourceTimestamp"]) }
                : {}),
            },
          },
  };
}

function each(data: Reserves & Row, at: number, change: TimeChange): Row {
  const coins = Object.entries(data.coins).map(([id, row]) => [id, changed(row, at, change)]);
  return { ...change(data, "updatedAt", at), coins: Object.fromEntries(coins) };
}

export function packReserves(data: Reserves & Row, generatedAt: number): Row {
  return each(data, generatedAt, packTime);
}

export function unpackReserves(packed: Reserves & Row, generatedAt: number): Row {
  return each(packed, generatedAt, unpackTime);
}
