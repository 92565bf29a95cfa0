/**
 * Contracts that reserve adapters read, on the simulated chains: PSM, vaults, troves, branches, modules, wrappers.
 *
 * They are those the coins' own reserveAdapter entries name, and what they hold follows from the coins' circulation. A scripted
 * trouble makes them paused, lying, frozen in time or silent, as real ones have been.
 */
import { encodeFunctionResult, type Hex } from "viem";
import { ERC20 } from "../reserves/abis.ts";
import { decodeCall } from "./decode-call.ts";
import { Builder, type Placed, USDC, wad } from "./reserve-builder.ts";
import { placeReserve } from "./reserve-places.ts";
import type { World } from "./world.ts";

const placedBy = new WeakMap<World, Placed>();

function placedIn(world: World): Placed {
  const known = placedBy.get(world);
  if (known) return known;
  const build = new Builder(world);
  for (const coin of world.coins) placeReserve(build, coin);
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
    const call = decodeCall(abi, data);
    const run = call && functions[call.functionName];
    if (!run) continue;
    const result = run(call.args ?? [], timeSec);
    return result === undefined ? null : encodeFunctionResult({ abi, functionName: call.functionName, result });
  }
  return undefined;
}

/** ERC-20 calls to a token that only reserves know. */
export function callHeldToken(world: World, chain: string, token: string, data: Hex, timeSec: number): Hex | null {
  const call = decodeCall(ERC20, data);
  if (call === null) return null;
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
