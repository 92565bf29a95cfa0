/**
 * Simulated chains: the names DefiLlama gives them and a clock that turns time into block numbers and back.
 *
 * Names and block times are the registry's. A chain it does not know gets a name out of its CAIP id.
 */
import registryChains from "../../data/registry/chains.json" with { type: "json" };
import { hexOf } from "./noise.ts";

export interface SimChain {
  /** DefiLlama's name in lists. */
  name: string;
  /** DefiLlama's name in addresses. */
  slug: string;
  blockSec: number;
}

/** Simulated block 0 of every chain: early enough that the first blocks worth reading of the registry have passed. */
const GENESIS_SEC = Date.UTC(2016, 0, 1) / 1000;
/** For chains whose block time the registry does not know. */
const USUAL_BLOCK_SEC = 2;

const CHAINS = new Map<string, SimChain>(
  registryChains.map(({ id, slug, name, defillamaName, blockTimeSec }) => [
    id,
    { name: defillamaName ?? name, slug, blockSec: blockTimeSec ?? USUAL_BLOCK_SEC },
  ]),
);

export function simChain(caip: string): SimChain {
  return CHAINS.get(caip) ?? { name: caip, slug: caip.replace(":", "-"), blockSec: USUAL_BLOCK_SEC };
}

export function isEvm(caip: string): boolean {
  return caip.startsWith("eip155:");
}

/** The newest block at a time. */
export function blockAt(caip: string, timeSec: number): number {
  return Math.max(0, Math.floor((timeSec - GENESIS_SEC) / simChain(caip).blockSec));
}

/** Whole seconds at which a block was made. */
export function blockTime(caip: string, block: number): number {
  return Math.floor(GENESIS_SEC + block * simChain(caip).blockSec);
}

/** The first block made at or after a time. */
export function blockFrom(caip: string, timeSec: number): number {
  const block = Math.max(0, Math.floor((timeSec - GENESIS_SEC) / simChain(caip).blockSec));
  return blockTime(caip, block) >= timeSec ? block : block + 1;
}

/** A 32-byte hash that only this block has. */
export function blockHash(caip: string, block: number): `0x${string}` {
  return `0x${hexOf(`${caip}/${block}`, 64)}`;
}
