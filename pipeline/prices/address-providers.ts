/**
 * Which exact-address price services are asked, and for which coins first. Pricing methodology, 5.9.
 *
 * The list comes from the environment; without one, every service that works: DexPaprika needs no key, DexScreener refuses
 * data-centre traffic too often to be asked unless named.
 */
import { byteOrder } from "./consensus.ts";

interface AddressProvider {
  key: string;
  /** Name of the service whose key it needs; null: none. */
  keyName: string | null;
  /** Asked when nothing is configured. */
  byDefault: boolean;
}

const PROVIDERS: readonly AddressProvider[] = [
  { key: "dexscreener-address", keyName: null, byDefault: false },
  { key: "dexpaprika-address", keyName: null, byDefault: true },
  { key: "coingecko-onchain-address", keyName: "coingecko", byDefault: true },
  { key: "alchemy-address", keyName: "alchemy", byDefault: true },
  { key: "moralis-address", keyName: "moralis", byDefault: true },
  { key: "birdeye-address", keyName: "birdeye", byDefault: true },
];

const DISABLED: readonly string[] = ["none", "off", "false", "0"];

/** A coin with this many sources needs no further opinion. */
const ENOUGH_SOURCES = 3;

/** Provider keys in the order they are asked; a named provider without its key is left out. `keys` names services with a key. */
export function resolveAddressProviders(config: string | null | undefined, keys: readonly string[]): string[] {
  const names = (config ?? "").split(/[\s,]+/).flatMap((name) => (name === "" ? [] : name.toLowerCase()));
  if (names.some((name) => DISABLED.includes(name))) return [];
  const wanted =
    names.length === 0
      ? PROVIDERS.filter((provider) => provider.byDefault)
      : names.flatMap((name) => PROVIDERS.find(({ key }) => key === name || key === `${name}-address`) ?? []);
  const usable = wanted.filter(({ keyName }) => keyName === null || keys.includes(keyName));
  return [...new Set(usable.map((provider) => provider.key))];
}

export interface AddressTarget {
  id: string;
  /** Has no price yet in this run. */
  missing: boolean;
  /** Sources in the previous publication; null: not known. */
  previousSourceDepth: number | null;
  circulatingUsd: number | null;
}

/** Ids still worth asking for: unpriced coins first, then coins with few sources; within both the larger, then by id. */
export function orderAddressTargets(targets: readonly AddressTarget[]): string[] {
  return targets
    .filter((target) => target.missing || (target.previousSourceDepth ?? 0) < ENOUGH_SOURCES)
    .sort(
      (a, b) =>
        Number(b.missing) - Number(a.missing) ||
        (b.circulatingUsd ?? 0) - (a.circulatingUsd ?? 0) ||
        byteOrder(a.id, b.id),
    )
    .map((target) => target.id);
}
