/**
 * Contracts that reserve adapters read, on the simulated chains: PSM, vaults, troves, branches, modules, wrappers.
 *
 * They are those the coins' own reserveAdapter entries name, and what they hold follows from the coins' circulation. A scripted
 * trouble makes them paused, lying, frozen in time or silent, as real ones have been.
 */
import { type Abi, type Address, decodeFunctionData, encodeFunctionResult, getAddress, type Hex } from "viem";
import {
  CAP_VAULT,
  ERC20,
  ERC4626,
  FX_POOL,
  GHO,
  GSM,
  INFINIFI_CONTROLLER,
  INFINIFI_FARM,
  INFINIFI_REGISTRY,
  LIQUITY_PRICE_FEED,
  LIQUITY_V1,
  LIQUITY_V2,
  LITE_PSM,
  ORIGIN_VAULT,
} from "../reserves/abis.ts";
import type { ReserveAdapter } from "../schema/reserve-adapter.ts";
import type { SimCoin } from "./coin.ts";
import { cryptoUsd } from "./crypto.ts";
import { keyOf, noise, restedAt, unit } from "./noise.ts";
import type { World } from "./world.ts";

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
/** Reserves move a few times a day. */
const RESTS_SEC = 6 * HOUR_SEC;
const WAD = 10n ** 18n;
const FEE_STRATEGY: Address = "0x00000000000000000000000000000000000feed5";
const FLASH_MINTER: Address = "0x00000000000000000000000000000000000f1a54";
const DIRECT_MINTER: Address = "0x00000000000000000000000000000000000d12ec";
const LIQUID_FARM: Address = "0x00000000000000000000000000000000000fa121";
const USDC: Address = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";

/** A contract: what each function gives at a time, by ABI; undefined for a revert. */
type Functions = Record<string, (args: readonly unknown[], timeSec: number) => unknown>;
interface Contract {
  abi: Abi;
  functions: Functions;
}

interface Placed {
  contracts: Map<string, Contract[]>;
  /** Token units held, by chain/token/holder. */
  balances: Map<string, (timeSec: number) => number>;
}

const placedBy = new WeakMap<World, Placed>();

function wad(units: number): bigint {
  return BigInt(Math.round(units * 1e6)) * 10n ** 12n;
}

type Kind = ReserveAdapter["kind"];
type Entry<K extends Kind> = Extract<ReserveAdapter, { kind: K }>;

class Builder {
  readonly placed: Placed = { contracts: new Map(), balances: new Map() };
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  #key(coin: SimCoin, what: string): number {
    return keyOf(`${this.#world.seed}/reserve/${coin.id}/${what}`);
  }

  /** The time whose values a contract shows: frozen ones stand still. */
  #shown(coin: SimCoin, timeSec: number): number {
    const trouble = this.#world.reserveTrouble(coin.id, timeSec);
    return trouble?.trouble === "frozen" ? trouble.startSec : timeSec;
  }

  trouble(coin: SimCoin, timeSec: number): string | null {
    return this.#world.reserveTrouble(coin.id, timeSec)?.trouble ?? null;
  }

  /** A share of what circulates; a liar says ten times as much. */
  part(coin: SimCoin, what: string, share: number) {
    const key = this.#key(coin, what);
    return (timeSec: number) => {
      const at = restedAt(key, this.#shown(coin, timeSec), RESTS_SEC);
      const lie = this.trouble(coin, timeSec) === "lying" ? 10 : 1;
      return this.#world.circulatingUnits(coin.id, at) * share * (1 + 0.1 * noise(key, at, 20 * DAY_SEC)) * lie;
    };
  }

  supply(coin: SimCoin) {
    return (timeSec: number) => this.#world.circulatingUnits(coin.id, this.#shown(coin, timeSec));
  }

  /** Units of another coin that one token is worth. */
  worthIn(coin: SimCoin, coinId: string, timeSec: number): number {
    const [own, other] = [coin.id, coinId].map((id) => this.#world.truePriceUsd(id, timeSec) ?? 1) as [number, number];
    return own / other;
  }

  share(coin: SimCoin, what: string): number {
    return unit(this.#key(coin, what));
  }

  usd(asset: "ETH" | "BTC", timeSec: number): number {
    return cryptoUsd(this.#world.seed, asset, timeSec);
  }

  add(coin: SimCoin, chain: string, address: string, abi: Abi, functions: Functions): void {
    const silent: Functions = Object.fromEntries(
      Object.entries(functions).map(([name, run]) => [
        name,
        (args: readonly unknown[], timeSec: number) =>
          this.trouble(coin, timeSec) === "silent" ? undefined : run(args, timeSec),
      ]),
    );
    const key = `${chain}/${address}`;
    this.placed.contracts.set(key, [...(this.placed.contracts.get(key) ?? []), { abi, functions: silent }]);
  }

  hold(chain: string, token: string, holder: string, units: (timeSec: number) => number): void {
    this.placed.balances.set(`${chain}/${token}/${holder}`.toLowerCase(), units);
  }
}

type Place = { [K in Kind]?: (build: Builder, coin: SimCoin, entry: Entry<K>) => void };

const PLACE: Place = {
  "sky-makercore"(build, coin, { chain, litePsm, gem, pocket }) {
    const elsewhere = (timeSec: number) => build.trouble(coin, timeSec) === "lying";
    build.add(coin, chain, litePsm, LITE_PSM, {
      gem: () => getAddress(gem),
      pocket: (_args, timeSec) => getAddress(elsewhere(timeSec) ? litePsm : pocket),
    });
    build.hold(chain, gem, pocket, build.part(coin, "psm", 0.2));
  },
  "cap-vault"(build, coin, { chain, vault }) {
    const held = build.part(coin, "supplied", 1);
    const idle = build.part(coin, "idle", 0.3);
    build.add(coin, chain, vault, CAP_VAULT, {
      assets: () => [getAddress(USDC)],
      totalSupplies: (_args, timeSec) => BigInt(Math.round(held(timeSec) * 1e6)),
      totalBorrows: (_args, timeSec) => BigInt(Math.round((held(timeSec) - idle(timeSec)) * 1e6)),
      availableBalance: (_args, timeSec) => BigInt(Math.round(idle(timeSec) * 1e6)),
      paused: (_args, timeSec) => build.trouble(coin, timeSec) === "paused",
    });
  },
  "liquity-v1"(build, coin, { chain, troveManager, priceFeed }) {
    const debt = build.part(coin, "debt", 0.9);
    const ratio = (timeSec: number) => (build.trouble(coin, timeSec) === "paused" ? 1.05 : 4);
    build.add(coin, chain, troveManager, LIQUITY_V1, {
      getEntireSystemColl: (_args, timeSec) => wad((debt(timeSec) * ratio(timeSec)) / build.usd("ETH", timeSec)),
      getEntireSystemDebt: (_args, timeSec) => wad(debt(timeSec)),
      getTCR: (_args, timeSec) => wad(ratio(timeSec)),
      MCR: () => wad(1.1),
      getRedemptionRateWithDecay: () => wad(0.0052),
    });
    build.add(coin, chain, priceFeed, LIQUITY_PRICE_FEED, {
      fetchPrice: (_args, timeSec) => wad(build.usd("ETH", timeSec)),
    });
  },
  "liquity-v2-branches"(build, coin, { chain, collateralRegistry, branches }) {
    build.add(coin, chain, collateralRegistry, LIQUITY_V2, { getRedemptionRateWithDecay: () => wad(0.0061) });
    branches.forEach(({ activePool, collateral }, i) => {
      const debt = build.part(coin, `debt ${i}`, 0.95 / branches.length);
      build.add(coin, chain, activePool, LIQUITY_V2, {
        getBoldDebt: (_args, timeSec) => wad(debt(timeSec)),
        hasBeenShutDown: (_args, timeSec) => i === 0 && build.trouble(coin, timeSec) === "paused",
      });
      build.hold(chain, collateral.token, activePool, (timeSec) => (debt(timeSec) * 2.5) / build.usd("ETH", timeSec));
    });
  },
  "fx-pools"(build, coin, { chain, pools }) {
    pools.forEach(({ pool, name }, i) => {
      const debt = build.part(coin, `debt ${i}`, 0.95 / pools.length);
      const asset = name === "WBTC" ? "BTC" : "ETH";
      build.add(coin, chain, pool, FX_POOL, {
        getTotalRawDebts: (_args, timeSec) => wad(debt(timeSec)),
        getTotalRawCollaterals: (_args, timeSec) => wad((debt(timeSec) * 2) / build.usd(asset, timeSec)),
      });
    });
  },
  "gho-gsm"(build, coin, { chain, token, gsms }) {
    gsms.forEach(({ address }, i) => {
      const used = build.part(coin, `gsm ${i}`, 0.08);
      build.add(coin, chain, address, GSM, {
        getUsed: (_args, timeSec) => wad(used(timeSec)),
        getCurrentBacking: () => [0n, 0n],
        getIsFrozen: (_args, timeSec) => i === 0 && build.trouble(coin, timeSec) === "paused",
        getIsSeized: () => false,
        getFeeStrategy: () => FEE_STRATEGY,
      });
    });
    build.add(coin, chain, FEE_STRATEGY, GSM, { getBuyFee: () => WAD / 1_000n });
    const minted = build.part(coin, "direct", 0.1);
    build.add(coin, chain, token, GHO, {
      getFacilitatorsList: () => [...gsms.map(({ address }) => getAddress(address)), DIRECT_MINTER, FLASH_MINTER],
      getFacilitator: ([address], timeSec) =>
        String(address).toLowerCase() === DIRECT_MINTER
          ? { bucketCapacity: WAD, bucketLevel: wad(minted(timeSec)), label: "Core Direct Minter" }
          : { bucketCapacity: WAD, bucketLevel: 0n, label: "FlashMinter" },
    });
  },
  "erc4626-single-asset"(build, coin, { chain, vault, asset }) {
    const decimals = asset === USDC ? 6 : 18;
    const scaled = (units: number) => (decimals === 6 ? BigInt(Math.round(units * 1e6)) : wad(units));
    const worth = build.supply(coin);
    build.add(coin, chain, vault, ERC4626, {
      asset: (_args, timeSec) => getAddress(build.trouble(coin, timeSec) === "lying" ? vault : asset),
      totalAssets: (_args, timeSec) => scaled(worth(timeSec)),
      totalSupply: (_args, timeSec) => wad(worth(timeSec) / 1.05),
      convertToAssets: (_args, timeSec) => scaled(worth(timeSec)),
    });
    const idleShare = coin.id === "sdai-sky" ? 0 : 0.05 + 0.9 * build.share(coin, "idle");
    const idle = build.part(coin, "idle", idleShare);
    build.hold(chain, asset, vault, (timeSec) => (build.trouble(coin, timeSec) === "paused" ? 0 : idle(timeSec)));
  },
  infinifi(build, coin, { chain, farmRegistry, redeemController, assetCoinId }) {
    const [inFarm, idle, queued] = [
      build.part(coin, "farm", 0.2),
      build.part(coin, "idle", 0.02),
      build.part(coin, "queue", 0.001),
    ];
    const e6 = (units: number) => BigInt(Math.round(units * 1e6));
    build.add(coin, chain, farmRegistry, INFINIFI_REGISTRY, { getAssetTypeFarms: () => [getAddress(LIQUID_FARM)] });
    build.add(coin, chain, LIQUID_FARM, INFINIFI_FARM, { liquidity: (_args, timeSec) => e6(inFarm(timeSec)) });
    build.add(coin, chain, redeemController, INFINIFI_CONTROLLER, {
      liquidity: (_args, timeSec) => e6(idle(timeSec)),
      totalEnqueuedRedemptions: (_args, timeSec) => wad(queued(timeSec)),
      paused: (_args, timeSec) => build.trouble(coin, timeSec) === "paused",
      receiptToAsset: ([amount], timeSec) =>
        (BigInt(amount as bigint) * e6(build.worthIn(coin, assetCoinId, timeSec))) / WAD,
    });
  },
  "m0-wrapper-underlying"(build, coin, { chain, wrapper, underlying }) {
    build.hold(chain, underlying, wrapper, build.supply(coin));
  },
  "origin-vault-balances"(build, coin, { chain, vault }) {
    build.add(coin, chain, vault, ORIGIN_VAULT, { getAllAssets: () => [getAddress(USDC)] });
    build.hold(chain, USDC, vault, build.part(coin, "idle", 0.1));
  },
};

function placedIn(world: World): Placed {
  const known = placedBy.get(world);
  if (known) return known;
  const build = new Builder(world);
  for (const coin of world.coins) {
    const entry = coin.reserveAdapter;
    if (entry)
      (PLACE[entry.kind] as ((b: Builder, c: SimCoin, e: ReserveAdapter) => void) | undefined)?.(build, coin, entry);
  }
  placedBy.set(world, build.placed);
  return build.placed;
}

/** Units a reserve address holds of a token, or null where it is no reserve address. */
export function reserveBalance(
  world: World,
  chain: string,
  token: string,
  holder: string,
  timeSec: number,
): number | null {
  return placedIn(world).balances.get(`${chain}/${token}/${holder}`.toLowerCase())?.(timeSec) ?? null;
}

/** Whether a reserve holds a token of this address: it answers then even where no coin of the world is it. */
export function isHeldToken(world: World, chain: string, token: string): boolean {
  return [...placedIn(world).balances.keys()].some((key) => key.startsWith(`${chain}/${token}/`.toLowerCase()));
}

/** Result of a call to a reserve contract; undefined where none of its functions was called, null for a revert. */
export function callReserve(
  world: World,
  chain: string,
  to: string,
  data: Hex,
  timeSec: number,
): Hex | null | undefined {
  for (const { abi, functions } of placedIn(world).contracts.get(`${chain}/${to}`) ?? []) {
    let call: { functionName: string; args?: readonly unknown[] };
    try {
      call = decodeFunctionData({ abi, data }) as typeof call;
    } catch {
      continue;
    }
    const run = functions[call.functionName];
    if (!run) continue;
    const result = run(call.args ?? [], timeSec);
    return result === undefined ? null : encodeFunctionResult({ abi, functionName: call.functionName, result });
  }
  return undefined;
}

/** ERC-20 calls to a token that only reserves know. */
export function callHeldToken(world: World, chain: string, token: string, data: Hex, timeSec: number): Hex | null {
  let call: { functionName: string; args?: readonly unknown[] };
  try {
    call = decodeFunctionData({ abi: ERC20, data }) as typeof call;
  } catch {
    return null;
  }
  const decimals = token === USDC ? 6 : 18;
  const balance = reserveBalance(world, chain, token, String(call.args?.[0]), timeSec) ?? 0;
  const results: Record<string, unknown> = {
    decimals,
    symbol: token === USDC ? "USDC" : "TOKEN",
    balanceOf: decimals === 6 ? BigInt(Math.round(balance * 1e6)) : wad(balance),
  };
  const result = results[call.functionName];
  return result === undefined ? null : encodeFunctionResult({ abi: ERC20, functionName: call.functionName, result });
}
