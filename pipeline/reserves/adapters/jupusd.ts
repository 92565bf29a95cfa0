/**
 * JupUSD: the dollars of its holdings that a whitelisted party can take at once, by Jupiter's own transparency pages.
 *
 * A pulled ripcord means paused. An oracle page that cannot be read means that nobody knows, and a count without its time does not
 * score.
 */
import { jupusdData, jupusdOracle, jupusdSnapshots } from "../../sources/jupusd.ts";
import { type Adapter, AdapterFailed, DASHBOARD_POLICY, slicesOf } from "../adapter.ts";

const AT_ONCE = new Set(["usdc", "usdtb"]);
const PAGE = "https://api.jupusd.money/api/data";

export const jupusd: Adapter<"jupusd"> = {
  kind: "jupusd",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: DASHBOARD_POLICY,
  feeds: [jupusdData, jupusdSnapshots, jupusdOracle],
  *read(_entry, given) {
    const data = given.feed(jupusdData);
    if (data === null) throw new AdapterFailed("the holdings could not be read");
    const observedAt = given.feed(jupusdSnapshots)?.observedAt ?? null;
    const oracle = given.feed(jupusdOracle);
    const isAtOnce = ({ name }: { name: string }) => AT_ONCE.has(name.toLowerCase());
    const atOnce = data.holdings.filter(isAtOnce);
    const capacityUsd = atOnce.reduce((sum, { amount }) => sum + amount, 0);
    const other = data.holdings.filter((holding) => !isAtOnce(holding)).reduce((sum, { amount }) => sum + amount, 0);
    const total = capacityUsd + other;
    return {
      source: PAGE,
      slices: slicesOf([
        ...atOnce.map(({ name, amount }) => ({ name, value: amount, risk: "low" as const })),
        { name: "other holdings", value: other, risk: "high" as const },
      ]),
      warnings: [],
      metadata: {
        freshnessMode: observedAt === null ? "unverified" : "verified",
        ...(observedAt === null
          ? { freshnessReason: "the snapshot page states no time" }
          : { sourceTimestamp: observedAt }),
        supplyUsd: data.totalSupply,
        totalReserveUsd: total,
        redemption: {
          capacityUsd,
          ...(data.totalSupply > 0 ? { capacityRatioOfSupply: Math.min(1, capacityUsd / data.totalSupply) } : {}),
          capacityKind: "live-direct-bounded",
          freshnessKind: observedAt === null ? "unverified" : "verified-source-timestamp",
          ...(observedAt === null ? {} : { sourceTimestamp: observedAt }),
          sourceUrls: [PAGE],
          settlementDelaySec: 0,
          holderEligibility: "whitelisted-primary",
          routeStatus: oracle === null ? "unknown" : oracle.ripcord ? "paused" : "open",
          routeStatusSource: "protocol-api",
          ...(oracle?.ripcord ? { routeStatusReason: "The oracle pulled its ripcord" } : {}),
        },
      },
    };
  },
};
