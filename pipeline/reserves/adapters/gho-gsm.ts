/**
 * GHO: what the stability modules hold and would swap. The rest of GHO comes from other facilitators and is no capacity.
 *
 * A module counts only where it was read to be neither frozen nor seized. What other facilitators issued is a residual that says
 * nothing of the modules: the reading is degraded by it and its capacity stays a lower bound.
 */
import type { ReserveSlice } from "../../schema/reserves.ts";
import { GHO, GSM } from "../abis.ts";
import {
  type Adapter,
  AdapterFailed,
  call,
  mustBig,
  ONCHAIN_POLICY,
  rateBps,
  slicesOf,
  units,
  WAD,
  warn,
} from "../adapter.ts";

const READS_A_MODULE = 5;
const NO_STRATEGY = /^0x0{40}$/;
const ONE = 10n ** 18n;

interface Module {
  name: string;
  backing: bigint;
  swappable: boolean;
  flagsRead: boolean;
  feeStrategy: string | null;
}

function moduleOf(name: string, answers: readonly unknown[]): Module {
  const [used, backing, frozen, seized, feeStrategy] = answers;
  const issued = mustBig(used, `what ${name} has issued`);
  if (!Array.isArray(backing)) throw new AdapterFailed(`the backing of ${name} could not be read`);
  const [excess, deficit] = backing as [bigint, bigint];
  const short = issued > deficit ? issued - deficit : 0n;
  return {
    name,
    backing: deficit > 0n ? short : issued + excess,
    swappable: frozen === false && seized === false,
    flagsRead: typeof frozen === "boolean" && typeof seized === "boolean",
    feeStrategy: typeof feeStrategy === "string" ? feeStrategy.toLowerCase() : null,
  };
}

function riskOf(label: string): { risk: ReserveSlice["risk"]; isKnown: boolean } {
  const words = label.toLowerCase();
  if (words.includes("flash")) return { risk: "high", isKnown: true };
  if (words.includes("direct") && words.includes("mint")) return { risk: "medium", isKnown: true };
  return { risk: "high", isKnown: false };
}

export const ghoGsm: Adapter<"gho-gsm"> = {
  kind: "gho-gsm",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "current-bps" },
  policy: { ...ONCHAIN_POLICY, maxUnknownExposurePct: 100 },
  *read({ chain, token, gsms }) {
    const [supplyRead, facilitatorsRead, ...moduleReads] = yield [
      call(token, GHO, "totalSupply"),
      call(token, GHO, "getFacilitatorsList"),
      ...gsms.flatMap(({ address }) =>
        ["getUsed", "getCurrentBacking", "getIsFrozen", "getIsSeized", "getFeeStrategy"].map((name) =>
          call(address, GSM, name),
        ),
      ),
    ];
    const supply = mustBig(supplyRead, "total supply");
    const modules = gsms.map(({ name }, i) =>
      moduleOf(name, moduleReads.slice(i * READS_A_MODULE, (i + 1) * READS_A_MODULE)),
    );
    const known = new Set(gsms.map(({ address }) => address));
    const facilitators = (Array.isArray(facilitatorsRead) ? facilitatorsRead : [])
      .map((address) => String(address).toLowerCase())
      .filter((address) => !known.has(address));
    const strategies = modules.flatMap(({ feeStrategy }) =>
      feeStrategy === null || NO_STRATEGY.test(feeStrategy) ? [] : [feeStrategy],
    );
    const more = yield [
      ...strategies.map((strategy) => call(strategy, GSM, "getBuyFee", [ONE])),
      ...facilitators.map((address) => call(token, GHO, "getFacilitator", [address])),
    ];
    const fees = more.slice(0, strategies.length);
    const feesRead =
      modules.every(({ feeStrategy }) => feeStrategy !== null) && fees.every((fee) => typeof fee === "bigint");
    const feeBps = feesRead ? Math.max(0, ...fees.map((fee) => rateBps(fee as bigint))) : null;

    const others = more.slice(strategies.length).flatMap((answer) => {
      const { bucketLevel, label } = (answer ?? {}) as { bucketLevel?: bigint; label?: string };
      return typeof bucketLevel === "bigint" && bucketLevel > 0n ? [{ label: label ?? "", level: bucketLevel }] : [];
    });
    const backing = modules.reduce((sum, module) => sum + module.backing, 0n);
    const swappable = modules.filter((module) => module.swappable).reduce((sum, module) => sum + module.backing, 0n);
    const residual = supply > backing ? supply - backing : 0n;
    const labelled = others.reduce((sum, { level }) => sum + level, 0n);
    const parts = [
      ...modules.map(({ name, backing: held }) => ({
        name,
        value: units(held, WAD),
        risk: "low" as const,
        isKnown: true,
      })),
      ...others.map(({ label, level }) => ({
        name: label || "unlabelled facilitator",
        value: units(level, WAD),
        ...riskOf(label),
      })),
      ...(residual > labelled
        ? [{ name: "not attributed", value: units(residual - labelled, WAD), risk: "high" as const, isKnown: false }]
        : []),
    ];
    const total = parts.reduce((sum, { value }) => sum + value, 0);
    const unknown = parts.filter(({ isKnown }) => !isKnown).reduce((sum, { value }) => sum + value, 0);
    const capacityUsd = units(swappable, WAD);
    const someClosed = modules.some((module) => !module.swappable);
    return {
      source: `${chain}/${token}`,
      slices: slicesOf(parts),
      warnings: [
        ...(residual > 0n
          ? [
              warn(
                "degraded",
                "aggregated-residual-issuance",
                "Part of the supply was issued outside the tracked modules",
              ),
            ]
          : []),
        ...(modules.every((module) => module.flagsRead)
          ? []
          : [warn("degraded", "gsm-flags-unread", "Whether a module is frozen or seized could not be read")]),
      ],
      metadata: {
        freshnessMode: "not-applicable",
        ...(total > 0 ? { unknownExposurePct: (unknown / total) * 100 } : {}),
        totalReserveUsd: units(backing, WAD),
        redemption: {
          capacityUsd,
          ...(supply > 0n ? { capacityRatioOfSupply: Math.min(1, capacityUsd / units(supply, WAD)) } : {}),
          capacityKind: "live-direct-bounded",
          freshnessKind: "same-run-onchain",
          routeStatus: swappable === 0n && someClosed ? "paused" : someClosed ? "degraded" : "open",
          routeStatusSource: "onchain",
          ...(someClosed ? { routeStatusReason: "A stability module is frozen or seized" } : {}),
          ...(feeBps === null ? {} : { feeBps }),
        },
      },
    };
  },
};
