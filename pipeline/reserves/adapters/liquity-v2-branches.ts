/** BOLD and systems like it: the debt of every branch can be redeemed; a branch that was shut down still pays and is said to be. */
import type { AdapterEntry } from "../../schema/reserve-adapter.ts";
import { ERC20, LIQUITY_V2 } from "../abis.ts";
import { type Adapter, call, decimalsOf, mustUnits, ONCHAIN_POLICY, slicesOf, WAD, warn } from "../adapter.ts";
import { debtMetadata } from "../debt-redemption.ts";

type Entry = AdapterEntry<"liquity-v2-branches">;
const READS_A_BRANCH = 4;

export const liquityV2Branches: Adapter<"liquity-v2-branches"> = {
  kind: "liquity-v2-branches",
  version: 1,
  semantics: "collateral-mix",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "current-bps" },
  policy: ONCHAIN_POLICY,
  priceKeys: ({ branches }: Entry) => branches.map(({ collateral }) => collateral.priceKey),
  *read({ chain, collateralRegistry, branches }, given) {
    const [rate, ...answers] = yield [
      call(collateralRegistry, LIQUITY_V2, "getRedemptionRateWithDecay"),
      ...branches.flatMap(({ activePool, collateral }) => [
        call(activePool, LIQUITY_V2, "getBoldDebt"),
        call(activePool, LIQUITY_V2, "hasBeenShutDown"),
        call(collateral.token, ERC20, "balanceOf", [activePool]),
        call(collateral.token, ERC20, "decimals"),
      ]),
    ];
    const read = branches.map(({ collateral }, i) => {
      const [debt, isShut, balance, decimals] = answers.slice(i * READS_A_BRANCH, (i + 1) * READS_A_BRANCH);
      const priceUsd = given.priceUsd(collateral.priceKey);
      const held = mustUnits(
        balance,
        decimalsOf(decimals, `decimals of ${collateral.name}`),
        `${collateral.name} held`,
      );
      return {
        name: collateral.name,
        debt: mustUnits(debt, WAD, `debt of the ${collateral.name} branch`),
        isShut: typeof isShut === "boolean" ? isShut : null,
        valueUsd: priceUsd === null ? null : held * priceUsd,
      };
    });
    const capacityUsd = read.reduce((sum, { debt }) => sum + debt, 0);
    const shut = read.filter(({ isShut }) => isShut === true).map(({ name }) => name);
    const isChecked = read.every(({ isShut }) => isShut !== null);
    const priced = read.every(({ valueUsd }) => valueUsd !== null);
    const reserveUsd = priced ? read.reduce((sum, { valueUsd }) => sum + (valueUsd as number), 0) : null;
    return {
      source: `${chain}/${collateralRegistry}`,
      slices: slicesOf(read.map(({ name, valueUsd }) => ({ name, value: valueUsd, risk: "medium" as const }))),
      warnings: [
        ...(priced ? [] : [warn("info", "mix-unpriced", "The collateral's price is not known, so its mix is not")]),
        ...(isChecked ? [] : [warn("degraded", "route-unchecked", "Whether a branch was shut down could not be read")]),
      ],
      metadata: debtMetadata({
        debtUsd: capacityUsd,
        collateralUsd: reserveUsd,
        status: shut.length > 0 ? "degraded" : isChecked ? "open" : "unknown",
        statusReason: shut.length > 0 ? `Shut down: ${shut.join(", ")}` : null,
        rate,
      }),
    };
  },
};
