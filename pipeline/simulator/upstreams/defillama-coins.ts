/**
 * coins.llama.fi: prices by `chain:address` or `coingecko:id`, now or at a past second.
 *
 * An unknown id gives no error: its key is missing. `coingecko:` ids mirror CoinGecko's price and have no decimals.
 */
import { simChain } from "../chains.ts";
import { isToken, type SimCoin } from "../coin.ts";
import { CRYPTO_TOKENS, cryptoUsd } from "../crypto.ts";
import { ok, type SimUpstream, significant } from "../upstream.ts";
import type { World } from "../world.ts";

const ID = "defillama-coins";
const CONFIDENCE = 0.99;

interface Found {
  coin: SimCoin;
  decimals: number | null;
}

const indexes = new WeakMap<World, Map<string, Found>>();

/** Ids in lower case, as the API ignores case. */
function indexOf(world: World): Map<string, Found> {
  const known = indexes.get(world);
  if (known) return known;
  const index = new Map<string, Found>();
  for (const coin of world.coins) {
    if (coin.ids.coingecko) index.set(`coingecko:${coin.ids.coingecko}`, { coin, decimals: null });
    for (const { chain, address, decimals, role } of coin.deployments) {
      if (isToken({ chain, address, decimals, role })) {
        index.set(`${simChain(chain).slug}:${address}`.toLowerCase(), { coin, decimals });
      }
    }
  }
  indexes.set(world, index);
  return index;
}

export const defillamaCoins: SimUpstream = {
  id: ID,
  answer({ path }, world, nowSec) {
    const match = /^\/prices\/(?:current|historical\/(\d+))\/(.+)$/.exec(path);
    if (!match) return null;
    const atSec = Math.min(nowSec, Number(match[1] ?? nowSec));
    const coins: Record<string, object> = {};
    for (const id of match[2]!.split(",")) {
      const crypto = CRYPTO_TOKENS[id.toLowerCase()];
      if (crypto) {
        const price = significant(cryptoUsd(world.seed, crypto.asset, atSec) * crypto.per, 9);
        coins[id] = { decimals: 18, symbol: crypto.symbol, price, timestamp: atSec - 30, confidence: CONFIDENCE };
        continue;
      }
      const found = indexOf(world).get(id.toLowerCase());
      if (!found) continue;
      const venue = id.startsWith("coingecko:") ? "coingecko" : ID;
      const price = world.venuePriceUsd(venue, found.coin.id, atSec);
      if (price === null) continue;
      coins[id] = {
        ...(found.decimals === null ? {} : { decimals: found.decimals }),
        symbol: found.coin.symbol,
        price: significant(price, 9),
        timestamp: world.venueUpdatedAt(venue, found.coin.id, atSec),
        confidence: CONFIDENCE,
      };
    }
    return ok({ coins });
  },
};
