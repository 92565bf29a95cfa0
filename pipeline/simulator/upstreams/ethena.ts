/** app.ethena.fi: what backs USDe, asset by asset and exchange by exchange, many rows empty. */
import { ok, type SimUpstream } from "../upstream.ts";

const HOUR_SEC = 3_600;
const COIN = "usde-ethena";
const HELD: readonly [asset: string, exchange: string, share: number][] = [
  ["Liquid Cash", "Ceffu", 0.3],
  ["Liquid Cash", "Copper", 0.05],
  ["BTC", "Binance", 0.35],
  ["BTC", "Bybit", 0],
  ["ETH", "Binance", 0.2],
  ["stETH", "Copper", 0.11],
];

export const ethena: SimUpstream = {
  id: "ethena",
  answer({ path }, world, nowSec) {
    if (path !== "/api/positions/current/collateral" || !world.coins.some(({ id }) => id === COIN)) return null;
    const trouble = world.reserveTrouble(COIN, nowSec);
    if (trouble?.trouble === "silent") return null;
    const at = Math.floor((trouble?.trouble === "frozen" ? trouble.startSec : nowSec) / HOUR_SEC) * HOUR_SEC;
    const supply = world.circulatingUnits(COIN, at);
    // A liar's parts no longer make its total.
    const totalBackingAssetsInUsd = supply * 1.01 * (trouble?.trouble === "lying" ? 2 : 1);
    const collateral = HELD.map(([asset, exchange, share]) => ({
      asset,
      exchange,
      timestamp: at,
      usdAmount: supply * share,
    }));
    return ok({ collateral, totalBackingAssetsInUsd });
  },
};
