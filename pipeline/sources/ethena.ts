/**
 * What backs Ethena's USDe, by asset and by where it is held.
 *
 * Producer Ethena Labs, https://app.ethena.fi/dashboards/transparency, no key, no licence stated. No recording of it exists here: the
 * shape is what clients of several public repositories read (rows of asset, exchange, timestamp and usdAmount, and a total). Many rows
 * are zero; data centres are sometimes answered with the dashboard's HTML, which is no answer.
 */
import { z } from "zod";
import { readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const usd = z.number().nonnegative();
const BodySchema = z.object({
  collateral: z
    .array(z.object({ asset: z.string().min(1), exchange: z.string(), timestamp: z.unknown(), usdAmount: usd }))
    .min(1),
  totalBackingAssetsInUsd: usd,
});

export interface EthenaBacking {
  rows: { asset: string; heldAt: string; usd: number; observedAt: number | null }[];
  totalUsd: number;
}

export const ethenaCollateral: Source<object, EthenaBacking> = {
  id: "ethena:collateral",
  upstream: "ethena",
  breaker: "ethena",
  docs: "https://app.ethena.fi/dashboards/transparency",
  example: {},
  async fetch(http, request) {
    return this.parse((await http.json("ethena", { path: "/api/positions/current/collateral" })).body, request);
  },
  parse(body) {
    const { collateral, totalBackingAssetsInUsd } = readShape(BodySchema, body, this.id);
    return {
      rows: collateral.map(({ asset, exchange, timestamp, usdAmount }) => ({
        asset,
        heldAt: exchange,
        usd: usdAmount,
        observedAt: epochSeconds(timestamp),
      })),
      totalUsd: totalBackingAssetsInUsd,
    };
  },
  rows: ({ rows }) => rows.length,
  isUsable: ({ totalUsd }) => totalUsd > 0,
};
