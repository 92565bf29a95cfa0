/** Every source by its id: what `plumbline source ID` can ask and what `parse:<id>` can read. A price venue is here by its line in venues.ts, any other source by a line of its own. */
import { asymmetryStats } from "./asymmetry.ts";
import { chainlinkFeeds } from "./chainlink.ts";
import { coingeckoList, coingeckoMarkets } from "./coingecko.ts";
import { coingeckoTickers } from "./coingecko-tickers.ts";
import { contractReads } from "./contract-reads.ts";
import { curvePools } from "./curve.ts";
import { defillamaCharts, defillamaListPrices, defillamaStablecoins } from "./defillama.ts";
import { defillamaCoins } from "./defillama-coins.ts";
import { dexscreenerTokens } from "./dexscreener.ts";
import { erc20Supply } from "./erc20-supply.ts";
import { etherscanBlockByTime, etherscanLogs, etherscanTokenTransfers } from "./etherscan.ts";
import { exchangerateApi } from "./exchangerate-api.ts";
import { fawazahmed0Dated, fawazahmed0Jsdelivr, fawazahmed0Pages } from "./fawazahmed0.ts";
import { frankfurterLatest, frankfurterRange } from "./frankfurter.ts";
import { goldApi } from "./gold-api.ts";
import { infoSkyGroups } from "./info-sky.ts";
import { ethGetBlockByNumber, ethGetLogs, ethGetTransactionReceipt } from "./json-rpc-reads.ts";
import { jupiterPrice } from "./jupiter.ts";
import { jupusdData, jupusdOracle, jupusdSnapshots } from "./jupusd.ts";
import { llamaYields } from "./llama-yields.ts";
import { openexchangerates } from "./openexchangerates.ts";
import type { AnySource } from "./source.ts";
import { trongridEvents } from "./trongrid.ts";
import * as venues from "./venues.ts";

const ALL: readonly AnySource[] = [
  ...Object.values(venues).map((venue) => venue.source),
  asymmetryStats,
  chainlinkFeeds,
  coingeckoList,
  coingeckoMarkets,
  coingeckoTickers,
  contractReads,
  curvePools,
  defillamaCharts,
  defillamaCoins,
  defillamaListPrices,
  defillamaStablecoins,
  dexscreenerTokens,
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
  goldApi,
  infoSkyGroups,
  jupiterPrice,
  jupusdData,
  jupusdOracle,
  jupusdSnapshots,
  llamaYields,
  openexchangerates,
  trongridEvents,
] as readonly AnySource[];

export const sources: ReadonlyMap<string, AnySource> = new Map(ALL.map((source) => [source.id, source]));
