/** A lane's context over datasets made by hand: what other lanes published, and when; absent ones are null. */
import type { LaneContext } from "../lane.ts";
import type { Coin } from "../schema/coin.ts";
import type { SnapshotData, SnapshotName } from "../schema/datasets.ts";

export type Datasets = { [Name in SnapshotName]?: SnapshotData<Name> };

export function laneContext(options: {
  nowSec: number;
  coins: readonly Coin[];
  datasets: Datasets;
  /** Age of a dataset where it is not of this run. */
  agesSec?: Partial<Record<SnapshotName, number>>;
  state?: Record<string, unknown>;
}): LaneContext {
  const { nowSec, coins, datasets, agesSec = {}, state = {} } = options;
  const context: Partial<LaneContext> = {
    nowSec,
    registry: {
      coins: [...coins],
      coinById: new Map(coins.map((coin) => [coin.id, coin])),
      chainById: new Map(),
      chainByLlamaName: new Map(),
    } as unknown as LaneContext["registry"],
    published: (name: SnapshotName) => {
      const data = datasets[name];
      if (data === undefined) return null as never;
      const at = nowSec - (agesSec[name] ?? 0);
      return { generatedAt: at, asOf: at, status: "fresh", data } as never;
    },
    state: (name) => state[name] ?? null,
    setting: () => null,
    log: () => {},
  };
  return context as LaneContext;
}

/** A live dollar coin of known make, as the registry would have it. */
export function testCoin(id: string, more: Partial<Coin> = {}): Coin {
  return {
    id,
    symbol: id.toUpperCase(),
    name: id,
    peg: { currency: "USD", type: "peggedUSD", referenceId: null },
    mechanism: "fiat-backed",
    backing: "rwa",
    governance: "cefi",
    navToken: false,
    yieldBearing: null,
    commodityOunces: null,
    variantOf: null,
    status: { state: "active", since: null },
    launchDate: null,
    ids: { defillama: "1", coingecko: `${id}-gecko`, coinmarketcap: null, coinmarketcapSlug: null },
    deployments: [],
    priceFeeds: [],
    ...more,
  } as unknown as Coin;
}
