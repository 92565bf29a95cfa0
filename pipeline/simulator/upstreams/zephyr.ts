/** zephyrprotocol.com: the scanner's live figures of its chain, with many more than anybody here reads. */
import { ok, type SimUpstream, significant } from "../upstream.ts";

const [ZSD, ZYS] = ["zsd-zephyr-protocol", "zys-zephyr-protocol"] as const;

export const zephyr: SimUpstream = {
  id: "zephyr",
  answer({ path }, world, nowSec) {
    if (path !== "/api/v1/livestats" || ![ZSD, ZYS].every((id) => world.coins.some((coin) => coin.id === id)))
      return null;
    const share = world.venuePriceUsd("zephyr", ZYS, nowSec);
    return ok({
      zeph_price: 0.61,
      zsd_price: 1,
      zys_price: share === null ? null : significant(share, 8),
      zsd_circ: world.circulatingUnits(ZSD, nowSec),
      zys_circ: world.circulatingUnits(ZYS, nowSec),
      reserve_ratio: 3.7,
    });
  },
};
