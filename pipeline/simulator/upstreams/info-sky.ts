/** info-sky.blockanalitica.com: debt behind DAI and USDS by module group, a row a group, amounts as text. */
import { isoSecond, ok, type SimUpstream } from "../upstream.ts";

const HOUR_SEC = 3_600;
const SHARES: Readonly<Record<string, number>> = {
  stablecoins: 0.45,
  spark: 0.25,
  grove: 0.12,
  core: 0.12,
  obex: 0.06,
};

export const infoSky: SimUpstream = {
  id: "info-sky",
  answer({ path }, world, nowSec) {
    if (path !== "/groups/") return null;
    const hour = Math.floor(nowSec / HOUR_SEC) * HOUR_SEC;
    const known = world.coins.filter((coin) => coin.reserveAdapter?.kind === "sky-makercore");
    const total = known.reduce((sum, coin) => sum + world.circulatingUnits(coin.id, hour), 0);
    return ok(
      Object.entries(SHARES).map(([name, share]) => ({
        name,
        debt: (total * share).toFixed(2),
        collateral: (total * share * 1.05).toFixed(2),
        datetime: isoSecond(hour),
      })),
    );
  },
};
