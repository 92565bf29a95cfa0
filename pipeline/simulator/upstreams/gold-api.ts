/** gold-api.com: USD per troy ounce of one metal, in the shape it has had since June 2026. */
import { isoSecond, ok, type SimUpstream, significant } from "../upstream.ts";

const ID = "gold-api";
const METALS: Record<string, string> = { XAU: "Gold", XAG: "Silver", XPT: "Platinum", XPD: "Palladium" };
const REFRESH_SEC = 30;

export const goldApi: SimUpstream = {
  id: ID,
  answer({ path }, world, nowSec) {
    const symbol = /^\/price\/([A-Z]+)$/.exec(path)?.[1] ?? "";
    const name = METALS[symbol];
    const updated = Math.floor(nowSec / REFRESH_SEC) * REFRESH_SEC;
    const price = name ? world.venueFxUsdPerUnit(ID, symbol, updated) : null;
    if (price === null) return null;
    return ok({
      currency: "USD",
      currencySymbol: "$",
      exchangeRate: 1,
      name,
      price: significant(price, 10),
      symbol,
      updatedAt: isoSecond(updated),
      updatedAtReadable: "a few seconds ago",
    });
  },
};
