/** Every simulated upstream over plain HTTP: one line each. Nodes of EVM chains are in evm-rpc.ts. */
import type { SimUpstream } from "../upstream.ts";
import { asymmetry } from "./asymmetry.ts";
import { binance, binanceMain } from "./binance.ts";
import { bitstamp } from "./bitstamp.ts";
import { coinbase } from "./coinbase.ts";
import { coingecko } from "./coingecko.ts";
import { curve } from "./curve.ts";
import { defillama } from "./defillama.ts";
import { defillamaCoins } from "./defillama-coins.ts";
import { dexpaprika } from "./dexpaprika.ts";
import { dexscreener } from "./dexscreener.ts";
import { ecbDataPortal } from "./ecb-data-portal.ts";
import { ethena } from "./ethena.ts";
import { exchangerateApi } from "./exchangerate-api.ts";
import { fawazahmed0Dated, fawazahmed0Jsdelivr, fawazahmed0Pages } from "./fawazahmed0.ts";
import { frankfurter } from "./frankfurter.ts";
import { frax } from "./frax.ts";
import { fred } from "./fred.ts";
import { geckoterminal } from "./geckoterminal.ts";
import { goldApi } from "./gold-api.ts";
import { infoSky } from "./info-sky.ts";
import { jupiter } from "./jupiter.ts";
import { jupusd } from "./jupusd.ts";
import { kraken } from "./kraken.ts";
import { llamaYields } from "./llama-yields.ts";
import { openexchangerates } from "./openexchangerates.ts";
import { pyth } from "./pyth.ts";
import { redstone } from "./redstone.ts";
import { solanaRpc } from "./solana-rpc.ts";
import { trongrid } from "./trongrid.ts";
import { zephyr } from "./zephyr.ts";

export const UPSTREAMS: readonly SimUpstream[] = [
  asymmetry,
  binance,
  binanceMain,
  bitstamp,
  coinbase,
  coingecko,
  curve,
  defillama,
  defillamaCoins,
  dexpaprika,
  dexscreener,
  ecbDataPortal,
  exchangerateApi,
  fawazahmed0Dated,
  fawazahmed0Jsdelivr,
  fawazahmed0Pages,
  frankfurter,
  ethena,
  frax,
  fred,
  geckoterminal,
  goldApi,
  jupiter,
  infoSky,
  jupusd,
  kraken,
  llamaYields,
  openexchangerates,
  pyth,
  redstone,
  trongrid,
  zephyr,
  solanaRpc,
];
