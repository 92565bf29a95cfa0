/** Pyth Hermes: the latest price of feeds asked by id; integers as text with an exponent, ids without 0x, unknown ids absent. */
import { ok, type SimUpstream } from "../upstream.ts";

const ID = "pyth-hermes";
const EXPONENT = -8;
const CONFIDENCE_SHARE = 0.0003;
const PUBLISHED_AGO_SEC = 2;

export const pyth: SimUpstream = {
  id: ID,
  answer({ path, query }, world, nowSec) {
    if (path !== "/v2/updates/price/latest") return null;
    const parsed = query.getAll("ids[]").flatMap((asked) => {
      const id = asked.toLowerCase().replace(/^0x/, "");
      const coin = world.coins.find((candidate) =>
        candidate.priceFeeds?.some((feed) => feed.kind === "pyth" && feed.feedId === id),
      );
      const price = coin ? world.venuePriceUsd(ID, coin.id, nowSec) : null;
      if (price === null) return [];
      const units = (usd: number) => Math.round(usd * 10 ** -EXPONENT).toString();
      const figure = {
        price: units(price),
        conf: units(price * CONFIDENCE_SHARE),
        expo: EXPONENT,
        publish_time: nowSec - PUBLISHED_AGO_SEC,
      };
      return [{ id, price: figure, ema_price: figure }];
    });
    return ok({ binary: { encoding: "hex", data: [] }, parsed });
  },
};
