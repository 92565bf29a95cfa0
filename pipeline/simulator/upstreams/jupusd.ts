/** api.jupusd.money: holdings, the time of the last count, and the oracle's ripcord. */
import { isoSecond, ok, type SimUpstream } from "../upstream.ts";

const HOUR_SEC = 3_600;
const COIN = "jupusd-jupiter";
const base = (units: number) => String(Math.round(units * 1e6));

export const jupusd: SimUpstream = {
  id: "jupusd",
  answer({ path }, world, nowSec) {
    if (!world.coins.some(({ id }) => id === COIN)) return null;
    const trouble = world.reserveTrouble(COIN, nowSec);
    const at = Math.floor((trouble?.trouble === "frozen" ? trouble.startSec : nowSec) / HOUR_SEC) * HOUR_SEC;
    if (path === "/api/snapshots") return ok({ snapshots: [{ timestamp: isoSecond(at) }] });
    if (path === "/api/oracle") return ok({ ripcord: trouble?.trouble === "paused", ripcordDetails: [] });
    if (path !== "/api/data" || trouble?.trouble === "silent") return null;
    const supply = world.circulatingUnits(COIN, at);
    const lie = trouble?.trouble === "lying" ? 10 : 1;
    return ok({
      totalSupply: base(supply),
      holdings: [
        { name: "USDtb", amount: base(supply * 0.9 * lie), decimals: 6 },
        { name: "USDC", amount: base(supply * 0.1 * lie), decimals: 6 },
      ],
    });
  },
};
