/** Savings forms and lending vaults of the simulated world: what each pays, and what lies in it. */
import { isToken, type SimCoin } from "./coin.ts";
import { keyOf, noise, restedAt, subKey, unit } from "./noise.ts";
import type { World } from "./world.ts";

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
const PROJECTS = ["sky-lending", "aave-v3", "ethena-usde", "maple", "morpho-v1"] as const;

export interface SimVault {
  key: number;
  uuid: string;
  project: string;
  chain: string;
  coin: SimCoin;
  address: string;
  baseApy: number;
  rewarded: boolean;
}

const built = new WeakMap<World, SimVault[]>();

/** One vault for every NAV token with a contract, since those are what earns. */
export function vaultsOf(world: World): readonly SimVault[] {
  const known = built.get(world);
  if (known) return known;
  const vaults = world.coins.flatMap((coin): SimVault[] => {
    const home = coin.deployments.find(isToken);
    if (!coin.navToken || coin.status.state !== "active" || !home) return [];
    const key = keyOf(`${world.seed}/vault/${coin.id}`);
    const tail = (salt: number) => subKey(key, salt).toString(16).padStart(8, "0");
    return [
      {
        key,
        uuid: `${tail(1)}-${tail(2).slice(0, 4)}-${tail(2).slice(4)}-${tail(3).slice(0, 4)}-${tail(3).slice(4)}${tail(4)}`,
        project: PROJECTS[key % PROJECTS.length] ?? PROJECTS[0],
        chain: home.chain,
        coin,
        address: home.address,
        baseApy: 2 + 8 * unit(key, 5),
        rewarded: unit(key, 6) < 0.15,
      },
    ];
  });
  built.set(world, vaults);
  return vaults;
}

export function vaultAt(world: World, vault: SimVault, timeSec: number) {
  const price = world.truePriceUsd(vault.coin.id, timeSec);
  if (price === null) return null;
  const at = restedAt(vault.key, timeSec, 12 * HOUR_SEC);
  const apy = (sec: number) => Math.max(0.1, vault.baseApy + 1.5 * noise(subKey(vault.key, 7), sec, 25 * DAY_SEC));
  return {
    tvlUsd: world.circulatingUnits(vault.coin.id, at) * price,
    apyBase: apy(at),
    apyReward: vault.rewarded ? vault.baseApy / 2 : null,
    apyMean30d: (apy(at) + apy(at - 15 * DAY_SEC) + apy(at - 30 * DAY_SEC)) / 3,
  };
}
