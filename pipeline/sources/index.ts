/** Every source by its id: what `plumbline source ID` can ask and what `parse:<id>` can read. A price venue is here by its line in venues.ts, any other source by a line of its own. */
import { alchemyPrices } from "./alchemy-prices.ts";
import { asymmetryStats } from "./asymmetry.ts";
import { birdeyePrice } from "./birdeye.ts";
import { blockAtTime } from "./block-at-time.ts";
import { chainlinkFeeds } from "./chainlink.ts";
import { coingeckoCategory, coingeckoList, coingeckoMarkets, coingeckoNativePrice } from "./coingecko.ts";
import { coingeckoOnchain } from "./coingecko-onchain.ts";
import { coingeckoTickers } from "./coingecko-tickers.ts";
import { coinmarketcapCategory } from "./coinmarketcap.ts";
import { contractReads } from "./contract-reads.ts";
import { curvePools } from "./curve.ts";
import { curveGetDy } from "./curve-onchain.ts";
import { curveOraclePrice } from "./curve-oracle.ts";
import { defillamaCharts, defillamaListPrices, defillamaStablecoins } from "./defillama.ts";
import { defillamaCoins } from "./defillama-coins.ts";
import { dexpaprikaToken } from "./dexpaprika.ts";
import { dexscreenerAddressTokens, dexscreenerTokens } from "./dexscreener.ts";
import { ecbThreeMonthEstr } from "./ecb-data-portal.ts";
import { erc20Supply } from "./erc20-supply.ts";
import { ethenaCollateral } from "./ethena.ts";
import { etherscanBlockByTime, etherscanLogs, etherscanTokenTransfers } from "./etherscan.ts";
import { exchangerateApi } from "./exchangerate-api.ts";
import { fawazahmed0Dated, fawazahmed0Jsdelivr, fawazahmed0Pages } from "./fawazahmed0.ts";
import { frankfurterLatest, frankfurterRange } from "./frankfurter.ts";
import { fraxBalanceSheet } from "./frax.ts";
import { fredThreeMonthBill } from "./fred.ts";
import { geckoterminalPools } from "./geckoterminal.ts";
import { goldApi } from "./gold-api.ts";
import { infoSkyGroups } from "./info-sky.ts";
import { ethGetBlockByNumber, ethGetLogs, ethGetTransactionReceipt } from "./json-rpc-reads.ts";
import { jupiterPrice } from "./jupiter.ts";
import { jupusdData, jupusdOracle, jupusdSnapshots } from "./jupusd.ts";
import { llamaYields } from "./llama-yields.ts";
import { moralisPrices } from "./moralis.ts";
import { openexchangerates } from "./openexchangerates.ts";
import { solanaSlot } from "./solana-slot.ts";
import type { AnySource } from "./source.ts";
import { trongridAccount, trongridEvents } from "./trongrid.ts";
import * as venues from "./venues.ts";
import { zephyrLivestats } from "./zephyr.ts";

const ALL: readonly AnySource[] = [
  ...Object.values(venues).map((venue) => venue.source),
  alchemyPrices,
  birdeyePrice,
  blockAtTime,
  asymmetryStats,
  chainlinkFeeds,
  coingeckoCategory,
  coingeckoList,
  coingeckoMarkets,
  coingeckoNativePrice,
  coingeckoOnchain,
  coingeckoTickers,
  coinmarketcapCategory,
  curveGetDy,
  curveOraclePrice,
  contractReads,
  curvePools,
  defillamaCharts,
  defillamaCoins,
  defillamaListPrices,
  defillamaStablecoins,
  dexpaprikaToken,
  dexscreenerAddressTokens,
  dexscreenerTokens,
  ecbThreeMonthEstr,
  erc20Supply,
  ethGetBlockByNumber,
  ethGetLogs,
  ethGetTransactionReceipt,
  etherscanBlockByTime,
  etherscanLogs,
  etherscanTokenTransfers,
  exchangerateApi,
  fawazahmed0Dated,
  fawazahmed0Jsdelivr,
  fawazahmed0Pages,
  frankfurterLatest,
  frankfurterRange,
  ethenaCollateral,
  fraxBalanceSheet,
  fredThreeMonthBill,
  geckoterminalPools,
  goldApi,
  infoSkyGroups,
  jupiterPrice,
  jupusdData,
  jupusdOracle,
  jupusdSnapshots,
  llamaYields,
  moralisPrices,
  openexchangerates,
  trongridAccount,
  solanaSlot,
  trongridEvents,
  zephyrLivestats,
] as readonly AnySource[];

export const sources: ReadonlyMap<string, AnySource> = new Map(ALL.map((source) => [source.id, source]));
