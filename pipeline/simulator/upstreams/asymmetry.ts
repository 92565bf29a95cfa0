/** app.asymmetry.finance: supply of USDaf and what each branch holds. */
import { ok, type SimUpstream } from "../upstream.ts";

const HOUR_SEC = 3_600;
const COIN = "usdaf-asymmetry";
const SHARES: Readonly<Record<string, number>> = { ysyBOLD: 0.4, scrvUSD: 0.5, sfrxUSD: 0.2, tBTC: 0.3 };

export const asymmetry: SimUpstream = {
  id: "asymmetry",
  answer({ path }, world, nowSec) {
    const trouble = world.coins.some(({ id }) => id === COIN) ? world.reserveTrouble(COIN, nowSec) : null;
    if (path !== "/api/stats" || trouble?.trouble === "silent") return null;
    if (!world.coins.some(({ id }) => id === COIN)) return null;
    const at = Math.floor((trouble?.trouble === "frozen" ? trouble.startSec : nowSec) / HOUR_SEC) * HOUR_SEC;
    const supply = world.circulatingUnits(COIN, at);
    const covered = trouble?.trouble === "lying" ? 0.1 : 1;
    return ok({
      timestamp: at * 1000,
      usdaf: {
        total_bold_supply: supply.toFixed(6),
        branch: Object.fromEntries(
          Object.entries(SHARES).map(([name, share]) => [name, { coll_value: (supply * share * covered).toFixed(2) }]),
        ),
      },
    });
  },
};
