/** What each kind of reserve adapter finds on the simulated chains: its contracts, and how a scripted trouble shows in them. */
import { type Address, getAddress } from "viem";
import {
  CAP_VAULT,
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
  MEZO_BORROWER_OPERATIONS,
  ORIGIN_VAULT,
  PAUSABLE,
  RESUPPLY_HANDLER,
  RESUPPLY_ORACLE,
  RESUPPLY_REGISTRY,
  STABLECOIN_BRIDGE,
  YAMATO_PRIORITY,
} from "../reserves/abis.ts";
import type { ReserveAdapter } from "../schema/reserve-adapter.ts";
import type { SimCoin } from "./coin.ts";
import { type Builder, scaled, USDC, wad } from "./reserve-builder.ts";

const WAD = 10n ** 18n;
const FEE_STRATEGY: Address = "0x00000000000000000000000000000000000feed5";
const FLASH_MINTER: Address = "0x00000000000000000000000000000000000f1a54";
const DIRECT_MINTER: Address = "0x00000000000000000000000000000000000d12ec";
const LIQUID_FARM: Address = "0x00000000000000000000000000000000000fa121";
const BURN_FEE = 0.000_5;
const LENDING_PAIRS: Address[] = [
  "0x00000000000000000000000000000000000fa171",
  "0x00000000000000000000000000000000000fa172",
];

type Kind = ReserveAdapter["kind"];
type Entry<K extends Kind> = Extract<ReserveAdapter, { kind: K }>;

type Place = { [K in Kind]?: (build: Builder, coin: SimCoin, entry: Entry<K>) => void };

function placeTroves(
  build: Builder,
  coin: SimCoin,
  chain: string,
  troveManager: string,
  priceFeed: string,
  collateral: "ETH" | "BTC",
): void {
  const debt = build.part(coin, "debt", 0.9);
  const ratio = (timeSec: number) => (build.trouble(coin, timeSec) === "paused" ? 1.05 : 4);
  build.add(coin, chain, troveManager, LIQUITY_V1, {
    getEntireSystemColl: (_args, timeSec) => wad((debt(timeSec) * ratio(timeSec)) / build.usd(collateral, timeSec)),
    getEntireSystemDebt: (_args, timeSec) => wad(debt(timeSec)),
    getTCR: (_args, timeSec) => wad(ratio(timeSec)),
    MCR: () => wad(1.1),
    getRedemptionRateWithDecay: () => wad(0.0052),
  });
  build.add(coin, chain, priceFeed, LIQUITY_PRICE_FEED, {
    fetchPrice: (_args, timeSec) => wad(build.usd(collateral, timeSec)),
  });
}

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
      getBurnAmount: ([, amount], timeSec) => {
        const whole = (Number(amount) / 1e18) * build.worthIn(coin, "usdc-circle", timeSec);
        return [scaled(whole * (1 - BURN_FEE), 6), scaled(whole * BURN_FEE, 6)];
      },
    });
  },
  "liquity-v1"(build, coin, { chain, troveManager, priceFeed }) {
    placeTroves(build, coin, chain, troveManager, priceFeed, "ETH");
  },
  "liquity-native-active-pool"(build, coin, { chain, troveManager, priceFeed, borrowerOperations }) {
    placeTroves(build, coin, chain, troveManager, priceFeed, "BTC");
    build.add(coin, chain, borrowerOperations, MEZO_BORROWER_OPERATIONS, { redemptionRate: () => wad(0.0075) });
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
  "erc4626-single-asset"(build, coin, { chain, vault, asset, assetCoinId }) {
    const shares = build.decimals(chain, vault);
    const assets = build.decimals(chain, asset);
    const supply = build.supply(coin);
    const worth = (timeSec: number) => (assetCoinId === null ? 1.05 : build.worthIn(coin, assetCoinId, timeSec));
    build.add(coin, chain, vault, ERC4626, {
      asset: (_args, timeSec) => getAddress(build.trouble(coin, timeSec) === "lying" ? vault : asset),
      totalAssets: (_args, timeSec) => scaled(supply(timeSec) * worth(timeSec), assets),
      totalSupply: (_args, timeSec) => scaled(supply(timeSec), shares),
      convertToAssets: ([amount], timeSec) => scaled((Number(amount) / 10 ** shares) * worth(timeSec), assets),
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
  "stablecoin-bridges"(build, coin, { chain, bridges }) {
    bridges.forEach(({ bridge, token }, i) => {
      const held = build.part(coin, `bridge ${i}`, 0.01);
      build.add(coin, chain, bridge, STABLECOIN_BRIDGE, {
        chf: (_args, timeSec) => getAddress(build.trouble(coin, timeSec) === "lying" ? bridge : token),
        minted: (_args, timeSec) => wad(held(timeSec)),
      });
      build.hold(chain, token, bridge, held);
    });
  },
  "superstate-liquidity"(build, coin, { chain, redemption, asset }) {
    build.add(coin, chain, redemption, PAUSABLE, {
      paused: (_args, timeSec) => build.trouble(coin, timeSec) === "paused",
    });
    build.hold(chain, asset, redemption, build.part(coin, "idle", 0.02));
  },
  "resupply-pairs"(build, coin, { chain, registry, redemptionHandler, oracle }) {
    const debt = build.part(coin, "debt", 0.45);
    build.add(coin, chain, registry, RESUPPLY_REGISTRY, {
      getAllPairAddresses: () => LENDING_PAIRS.map((pair) => getAddress(pair)),
      redemptionHandler: (_args, timeSec) =>
        getAddress(build.trouble(coin, timeSec) === "lying" ? registry : redemptionHandler),
    });
    build.add(coin, chain, redemptionHandler, RESUPPLY_HANDLER, {
      getMaxRedeemableDebt: (_args, timeSec) => wad(debt(timeSec)),
      guardEnabled: () => true,
      permissionlessPriceThreshold: () => wad(0.985),
    });
    build.add(coin, chain, oracle, RESUPPLY_ORACLE, {
      oraclePriceAsCrvusd: (_args, timeSec) => wad(build.trouble(coin, timeSec) === "paused" ? 0.995 : 0.98),
    });
  },
  yamato(build, coin, { chain, priorityRegistry }) {
    const cap = build.part(coin, "redeemable", 0.05);
    build.add(coin, chain, priorityRegistry, YAMATO_PRIORITY, {
      getRedeemablesCap: (_args, timeSec) => wad(cap(timeSec)),
    });
  },
  "sgho-wrapper"(build, coin, { chain, vault, asset, assetCoinId }) {
    const supply = build.supply(coin);
    const worth = (timeSec: number) => build.worthIn(coin, assetCoinId, timeSec);
    build.add(coin, chain, vault, ERC4626, {
      asset: (_args, timeSec) => getAddress(build.trouble(coin, timeSec) === "lying" ? vault : asset),
      totalSupply: (_args, timeSec) => wad(supply(timeSec)),
      previewRedeem: ([shares], timeSec) => wad((Number(shares) / 1e18) * worth(timeSec)),
    });
    build.add(coin, chain, vault, PAUSABLE, { paused: (_args, timeSec) => build.trouble(coin, timeSec) === "paused" });
    build.hold(chain, asset, vault, (timeSec) => supply(timeSec) * worth(timeSec) * 0.999);
  },
  "reservoir-psm"(build, coin, { chain, psm, asset }) {
    build.hold(chain, asset, psm, build.part(coin, "psm", 0.02));
  },
  "m0-wrapper-underlying"(build, coin, { chain, wrapper, underlying }) {
    build.hold(chain, underlying, wrapper, build.supply(coin));
  },
  "origin-vault-balances"(build, coin, { chain, vault }) {
    build.add(coin, chain, vault, ORIGIN_VAULT, { getAllAssets: () => [getAddress(USDC)] });
    build.hold(chain, USDC, vault, build.part(coin, "idle", 0.1));
  },
};

/** The contracts of a coin's own adapter. */
export function placeReserve(build: Builder, coin: SimCoin): void {
  const entry = coin.reserveAdapter;
  if (entry)
    (PLACE[entry.kind] as ((b: Builder, c: SimCoin, e: ReserveAdapter) => void) | undefined)?.(build, coin, entry);
}
