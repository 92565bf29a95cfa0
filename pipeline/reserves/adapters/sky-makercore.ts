/**
 * DAI and USDS: dollars in the Lite PSM are what any holder can take at par now; the mix behind both comes from a dashboard.
 *
 * One PSM serves both coins, so both rows carry one `sharedPoolId`. Where the PSM pays another token or holds it elsewhere than
 * reviewed, there is no capacity. The dashboard's absence costs the mix and nothing else.
 */
import type { ReserveSlice } from "../../schema/reserves.ts";
import { infoSkyGroups, type SkyGroup } from "../../sources/info-sky.ts";
import { ERC20, LITE_PSM } from "../abis.ts";
import { type Adapter, call, decimalsOf, mustUnits, ONCHAIN_POLICY, slicesOf, warn } from "../adapter.ts";

const RISK: Readonly<Record<string, ReserveSlice["risk"]>> = {
  stablecoins: "very-low",
  spark: "low",
  grove: "low",
  "legacy-rwa": "low",
  obex: "medium",
  core: "medium",
  staked: "high",
};

/** Groups nobody has reviewed are one slice of unknown exposure. */
function mixOf(groups: readonly SkyGroup[]) {
  const withDebt = groups.filter(({ debtUsd }) => debtUsd !== null);
  const known = withDebt.filter(({ name }) => Object.hasOwn(RISK, name.toLowerCase()));
  const total = (list: readonly SkyGroup[]) => list.reduce((sum, { debtUsd }) => sum + (debtUsd as number), 0);
  const otherUsd = total(withDebt) - total(known);
  const parts = known.map(({ name, debtUsd }) => ({
    name,
    value: debtUsd,
    risk: RISK[name.toLowerCase()] as ReserveSlice["risk"],
  }));
  const times = withDebt.flatMap(({ observedAt }) => (observedAt === null ? [] : [observedAt]));
  return {
    slices: slicesOf(otherUsd > 0 ? [...parts, { name: "other", value: otherUsd, risk: "high" as const }] : parts),
    unknownExposurePct: total(withDebt) > 0 ? (otherUsd / total(withDebt)) * 100 : 0,
    oldest: times.length > 0 ? Math.min(...times) : undefined,
  };
}

export const skyMakercore: Adapter<"sky-makercore"> = {
  kind: "sky-makercore",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: { ...ONCHAIN_POLICY, maxUnknownExposurePct: 100 },
  feeds: [infoSkyGroups],
  *read(entry, given) {
    const [gem, pocket, balance, decimals] = yield [
      call(entry.litePsm, LITE_PSM, "gem"),
      call(entry.litePsm, LITE_PSM, "pocket"),
      call(entry.gem, ERC20, "balanceOf", [entry.pocket]),
      call(entry.gem, ERC20, "decimals"),
    ];
    const groups = given.feed(infoSkyGroups)?.groups ?? null;
    const mix = groups === null ? null : mixOf(groups);
    const matches =
      String(gem).toLowerCase() === entry.gem && String(pocket).toLowerCase() === entry.pocket && balance !== null;
    const warnings = [
      ...(mix === null ? [warn("info", "mix-unread", "The mix behind it could not be read")] : []),
      ...(matches ? [] : [warn("degraded", "psm-mismatch", "The PSM does not pay or hold what was reviewed")]),
    ];
    return {
      source: `${entry.chain}/${entry.litePsm}`,
      slices: mix?.slices ?? [],
      warnings,
      metadata: {
        freshnessMode: "not-applicable",
        unknownExposurePct: mix?.unknownExposurePct,
        sourceTimestamp: mix?.oldest,
        sharedPoolId: entry.sharedPoolId,
        redemption: {
          freshnessKind: "same-run-onchain",
          ...(matches
            ? {
                capacityUsd: mustUnits(balance, decimalsOf(decimals, "the PSM token's decimals"), "the PSM's balance"),
                capacityKind: "live-direct",
                settlementDelaySec: 0,
                holderEligibility: "any-holder",
              }
            : {}),
        },
      },
    };
  },
};
