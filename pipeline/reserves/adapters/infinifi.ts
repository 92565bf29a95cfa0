/**
 * iUSD: what lies in farms that pay back at once, and the queue of those who wait. A redemption takes what the controller can reach and
 * queues the rest.
 *
 * Farms are listed by the protocol's own registry, so a new one counts by itself. Only farms of the asset that is paid out are added: what
 * others hold must be sold first.
 */
import { ERC20, INFINIFI_CONTROLLER, INFINIFI_FARM, INFINIFI_REGISTRY } from "../abis.ts";
import {
  type Adapter,
  AdapterFailed,
  call,
  decimalsOf,
  mustUnits,
  ONCHAIN_POLICY,
  pauseCheck,
  WAD,
} from "../adapter.ts";

/** The protocol's number of the farms that pay back at once. */
const LIQUID = 1n;
/** A registry that lists more is not the one that was reviewed. */
const MOST_FARMS = 60;

export const infinifi: Adapter<"infinifi"> = {
  kind: "infinifi",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "weak-live-probe",
  telemetry: { capacity: "proxy", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, farmRegistry, redeemController, asset, assetCoinId }, given) {
    const [listed, idleRead, queuedRead, pausedRead, decimalsRead] = yield [
      call(farmRegistry, INFINIFI_REGISTRY, "getAssetTypeFarms", [asset, LIQUID]),
      call(redeemController, INFINIFI_CONTROLLER, "liquidity"),
      call(redeemController, INFINIFI_CONTROLLER, "totalEnqueuedRedemptions"),
      call(redeemController, INFINIFI_CONTROLLER, "paused"),
      call(asset, ERC20, "decimals"),
    ];
    if (!Array.isArray(listed)) throw new AdapterFailed("the farm registry could not be read");
    const farms = listed.map((farm) => String(farm).toLowerCase()).filter((farm) => farm !== redeemController);
    if (farms.length > MOST_FARMS) throw new AdapterFailed("the farm registry lists more farms than were ever there");
    const liquid = farms.length === 0 ? [] : yield farms.map((farm) => call(farm, INFINIFI_FARM, "liquidity"));
    const priceUsd = given.coinPriceUsd(assetCoinId);
    const decimals = decimalsOf(decimalsRead, "decimals of what is paid out");
    const inFarms = farms.map((farm, n) => mustUnits(liquid[n], decimals, `liquidity of the farm ${farm}`));
    const idle = mustUnits(idleRead, decimals, "what the controller holds");
    const queued = mustUnits(queuedRead, WAD, "the queue of redemptions");
    const reachable = inFarms.reduce((sum, units) => sum + units, idle);
    const pause = pauseCheck(pausedRead, { what: "redemption", who: "The redeem controller" });
    return {
      source: `${chain}/${redeemController}`,
      slices: [],
      warnings: pause.warnings,
      metadata: {
        freshnessMode: "not-applicable",
        redemption: {
          // One token queues for one unit of the asset.
          ...(priceUsd === null ? {} : { capacityUsd: reachable * priceUsd, queueDepthUsd: queued * priceUsd }),
          capacityKind: "live-queue",
          freshnessKind: "same-run-onchain",
          ...pause.status,
        },
      },
    };
  },
};
