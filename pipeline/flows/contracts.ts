/** The contracts whose events are read, out of the registry: one config a contract, with everything its logs need. */

import { type BridgeDetection, detectionOf } from "../bridge-detection.ts";
import type { Chain } from "../schema/chain.ts";
import type { Coin, MintBurnContract } from "../schema/coin.ts";
import { type AdapterKind, adapterKind, definitionsOf, type EventDefinition } from "./event-definitions.ts";

export interface FlowContract {
  /** `<chain slug>-<address>`. */
  key: string;
  coinId: string;
  symbol: string;
  /** Slug. */
  chainId: string;
  /** CAIP-2. */
  caip: string;
  address: string;
  decimals: number;
  tier: MintBurnContract["tier"];
  startBlock: number;
  startBlockSource: string;
  startBlockConfidence: MintBurnContract["startBlockConfidence"];
  dustThreshold: number;
  definitions: EventDefinition[];
  adapterKind: AdapterKind;
  detection: BridgeDetection | null;
  enabled: boolean;
}

/** Comma-separated switches of the environment. */
export interface Disabled {
  symbols: ReadonlySet<string>;
  ids: ReadonlySet<string>;
}

export function disabledOf(env: Readonly<Record<string, string | undefined>>): Disabled {
  const list = (text: string | undefined) => (text ?? "").split(",").map((item) => item.trim());
  return {
    symbols: new Set(list(env.MINT_BURN_DISABLED_SYMBOLS).map((symbol) => symbol.toUpperCase())),
    ids: new Set(list(env.MINT_BURN_DISABLED_IDS).map((id) => id.toLowerCase())),
  };
}

const NONE: Disabled = { symbols: new Set(), ids: new Set() };

/** Every contract with an address, in the registry's order; disabled ones are marked, not left out. */
export function flowContracts(
  registry: { coins: readonly Coin[]; chainById: ReadonlyMap<string, Chain> },
  disabled: Disabled = NONE,
): FlowContract[] {
  return registry.coins.flatMap((coin) =>
    coin.mintBurnContracts.flatMap((contract) => {
      const chain = registry.chainById.get(contract.chain);
      if (chain === undefined || contract.address === null) return [];
      const key = `${chain.slug}-${contract.address}`;
      const definitions = definitionsOf(contract.events);
      const isDisabled =
        disabled.symbols.has(coin.symbol.toUpperCase()) || disabled.ids.has(coin.id) || disabled.ids.has(key);
      return {
        key,
        coinId: coin.id,
        symbol: coin.symbol,
        chainId: chain.slug,
        caip: chain.id,
        address: contract.address,
        decimals: contract.decimals,
        tier: contract.tier,
        startBlock: contract.startBlock,
        startBlockSource: contract.startBlockSource,
        startBlockConfidence: contract.startBlockConfidence,
        dustThreshold: contract.dustThreshold,
        definitions,
        adapterKind: adapterKind(definitions),
        detection: contract.bridge === null ? null : detectionOf(contract.bridge),
        enabled: contract.enabled && !isDisabled,
      };
    }),
  );
}
