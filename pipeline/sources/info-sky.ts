/**
 * Block Analitica's Sky dashboard: what stands behind DAI and USDS, by module group.
 *
 * Producer Block Analitica, https://info-sky.blockanalitica.com, no key, no licence stated; a row a group and day. Amounts are text
 * or numbers in dollars. No recording of it exists here, so a bare list and a paged one are both read.
 */
import { z } from "zod";
import { positive } from "./numbers.ts";
import { readRows, readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const GroupSchema = z
  .object({
    name: z.string().min(1).optional(),
    group: z.string().min(1).optional(),
    slug: z.string().min(1).optional(),
    debt: z.unknown(),
    collateral: z.unknown().optional(),
    datetime: z.unknown().optional(),
  })
  .refine((row) => row.name ?? row.group ?? row.slug, "a group with a name");

const BodySchema = z.union([z.array(z.unknown()), z.object({ results: z.array(z.unknown()) })]);

export interface SkyGroup {
  name: string;
  debtUsd: number | null;
  observedAt: number | null;
}

export interface SkyGroups {
  groups: SkyGroup[];
}

export const infoSkyGroups: Source<object, SkyGroups> = {
  id: "info-sky:groups",
  upstream: "info-sky",
  breaker: "info-sky",
  docs: "https://info-sky.blockanalitica.com",
  example: {},
  async fetch(http, request) {
    const { body } = await http.json("info-sky", { path: "/groups/", query: { days_ago: 1, order: "-debt" } });
    return this.parse(body, request);
  },
  parse(body) {
    const list = readShape(BodySchema, body, this.id);
    const { rows } = readRows(GroupSchema, Array.isArray(list) ? list : list.results, this.id);
    return {
      groups: rows.map((row) => ({
        name: (row.name ?? row.group ?? row.slug) as string,
        debtUsd: positive(row.debt),
        observedAt: epochSeconds(row.datetime),
      })),
    };
  },
  rows: ({ groups }) => groups.length,
  isUsable: ({ groups }) => groups.some(({ debtUsd }) => debtUsd !== null),
};
