/** One unruly world lived through by the flows lane: runs among faults, reorganisations, kills and races; then the account. */
import { flowFigures } from "../flow-coins.ts";
import { amountUsdOf, isCounted, toEvent } from "../flow-figures.ts";
import { hourOf } from "../flow-hours.ts";
import { keyOf, subKey, unit } from "../simulator/noise.ts";
import { type UnrulyToken, unrulyChain } from "../simulator/unruly-chain.ts";
import { benchRegistry, type LaneBench, laneBench } from "./lane-bench.ts";

const START_SEC = Date.UTC(2026, 10, 20) / 1000;
const HOUR = 3600;
const ROUNDS = 9;
const LAST_BLOCKS = 310;

const TOKENS: readonly UnrulyToken[] = [
  { coinId: "two-test", address: "0x000000000000000000000000000000000000a002", decimals: 2, isBridged: false },
  { coinId: "six-test", address: "0x000000000000000000000000000000000000a006", decimals: 6, isBridged: true },
  { coinId: "eighteen-test", address: "0x000000000000000000000000000000000000a018", decimals: 18, isBridged: false },
];

const REGISTRY = benchRegistry(
  { id: "eip155:1", slug: "unruly", name: "Unruly", blockTimeSec: 12 },
  TOKENS.map(({ coinId, address, decimals, isBridged }) => ({
    id: coinId,
    symbol: coinId.toUpperCase(),
    contracts: [
      {
        address,
        decimals,
        events: ["transfer"],
        bridge: isBridged ? { protocol: "cctp", addresses: ["0x000000000000000000000000000000000000b001"] } : null,
      },
    ],
  })),
);

/** One dollar a token, always: USD sums can be checked against amounts. */
const PRICES = {
  asOf: START_SEC,
  data: { peggedAssets: TOKENS.map(({ coinId }) => ({ id: coinId, price: 1, priceUpdatedAt: START_SEC })), coins: [] },
};

export interface WorldAccount {
  events: number;
  questions: number;
  /** Differences between record and truth; empty when all is well. */
  wrong: string[];
}

/** Differences between a reader's figures, made of hours, and the events themselves. */
async function wrongFigures(bench: LaneBench, nowSec: number): Promise<string[]> {
  const flows = bench.snapshot();
  if (flows === null) return [];
  const figures = flowFigures(flows, await bench.hours(), nowSec);
  const provisional = flows.provisional.map((event) => ({ ...event, revision: 0, removed: false }));
  const events = [...(await bench.events()), ...provisional].map(toEvent).filter(isCounted);
  return flows.coins.flatMap(({ stablecoinId }) => {
    const own = events.filter(
      ({ coinId, timestamp }) => coinId === stablecoinId && hourOf(timestamp) >= nowSec - 24 * HOUR,
    );
    const of = (direction: string) => own.filter((event) => event.direction === direction);
    const usd = (direction: string) => of(direction).reduce((sum, event) => sum + (amountUsdOf(event) ?? 0), 0);
    const made = figures.get(stablecoinId);
    const counts = [of("mint").length, of("burn").length];
    const isOff =
      made === undefined ||
      made.mintCount24h !== counts[0] ||
      made.burnCount24h !== counts[1] ||
      Math.abs(made.mintVolume24hUsd - usd("mint")) > 24 ||
      Math.abs(made.burnVolume24hUsd - usd("burn")) > 24;
    return isOff ? [`figures of ${stablecoinId} at ${nowSec}: ${JSON.stringify(made)}, its events say ${counts}`] : [];
  });
}

export async function liveFlowWorld(seed: number): Promise<WorldAccount> {
  const key = keyOf(`flow-world/${seed}`);
  let draws = 0;
  const draw = () => unit(subKey(key, 1), draws++);
  const chain = unrulyChain({
    seed,
    tokens: TOKENS,
    startSec: START_SEC,
    slug: "unruly",
    nodes: 2 + Math.floor(draw() * 2),
    faultShare: draw() * 0.25,
  });
  const bench = laneBench(REGISTRY, chain.answers, (name) => (name === "stablecoins" ? PRICES : null));
  const wrong: string[] = [];
  try {
    chain.mine(90);
    for (let round = 0; round < ROUNDS; round++) {
      chain.mine(1 + Math.floor(draw() * 160));
      if (draw() < 0.4) chain.reorg(1 + Math.floor(draw() * 64));
      const what = draw();
      if (what < 0.15) await bench.run(chain.now(), false);
      else if (what < 0.3) {
        // Two runs begin on the same record; who pushes first is chance, the loser applies its rows to the winner's.
        const early = await bench.run(chain.now(), false);
        chain.mine(1 + Math.floor(draw() * 20));
        const late = await bench.run(chain.now(), false);
        if (draw() < 0.5) {
          bench.apply(early, true);
          bench.apply(late, true);
        } else {
          bench.apply(late, true);
          bench.apply(early, false);
        }
      } else {
        await bench.run(chain.now());
        wrong.push(...(await wrongFigures(bench, chain.now())));
      }
    }
    chain.calm();
    for (let last = 0; last < 4; last++) {
      chain.mine(LAST_BLOCKS);
      await bench.run(chain.now());
    }
    // Hours follow a run later, and only as far as that run's blocks were final.
    const through = Math.floor((chain.now() - (LAST_BLOCKS + 64) * 12) / HOUR) * HOUR;
    const truth = chain.truth();
    const stored = (await bench.events()).map(toEvent);
    const final = chain.head() - 64;
    const expected = truth
      .filter(({ block }) => block <= final)
      .map(({ id, direction, units, isCounted: counts }) => `${id} ${direction} ${units} ${counts}`);
    const found = stored.map(
      (event) =>
        `${event.chainId}-${event.txHash}-${event.logIndex} ${event.direction} ${event.amountUnits} ${isCounted(event)}`,
    );
    const [want, have] = [new Set(expected), new Set(found)];
    if (have.size !== found.length) wrong.push(`${found.length - have.size} events are stored twice`);
    for (const line of want) if (!have.has(line)) wrong.push(`missing: ${line}`);
    for (const line of have) if (!want.has(line)) wrong.push(`untrue: ${line}`);

    const hours = new Map<string, { mint: number; burn: number }>();
    for (const { coinId, direction, units, timestamp, isCounted: counts } of truth) {
      const hourTs = Math.floor(timestamp / HOUR) * HOUR;
      const hour = hours.get(`${coinId}|${hourTs}`) ?? { mint: 0, burn: 0 };
      hours.set(`${coinId}|${hourTs}`, hour);
      const decimals = TOKENS.find((token) => token.coinId === coinId)?.decimals ?? 0;
      if (counts) hour[direction] += Number(units) / 10 ** decimals;
    }
    const madeHours = await bench.hours();
    for (const { coinId, hourTs, mintVolumeUsd, burnVolumeUsd } of madeHours) {
      const hour = hours.get(`${coinId}|${hourTs}`);
      const off = Math.max(Math.abs((hour?.mint ?? 0) - mintVolumeUsd), Math.abs((hour?.burn ?? 0) - burnVolumeUsd));
      if (hour === undefined || off > 1) wrong.push(`hour ${coinId} ${hourTs} is off by ${off}`);
      hours.delete(`${coinId}|${hourTs}`);
    }
    for (const name of hours.keys()) if (Number(name.split("|")[1]) < through) wrong.push(`hour ${name} is missing`);
    return { events: stored.length, questions: chain.asked(), wrong };
  } finally {
    bench.close();
  }
}
