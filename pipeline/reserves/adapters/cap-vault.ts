/**
 * cUSD: the token is its own vault; what lies in it unlent and unpaused is what a holder can take now. Every read of that must answer; the
 * fee is what the vault would take of one token, the dearest of the assets that can be taken.
 */
import { CAP_VAULT, ERC20 } from "../abis.ts";
import {
  type Adapter,
  AdapterFailed,
  call,
  decimalsOf,
  mustUnits,
  ONCHAIN_POLICY,
  rateBps,
  slicesOf,
  WAD,
} from "../adapter.ts";

const READS_AN_ASSET = 6;

/** What a burn keeps, in basis points; null where it could not be read. */
function burnFeeBps(quote: unknown): number | null {
  const [out, fee] = Array.isArray(quote) ? (quote as unknown[]) : [];
  if (typeof out !== "bigint" || typeof fee !== "bigint" || out + fee === 0n) return null;
  return rateBps((fee * 10n ** BigInt(WAD)) / (out + fee));
}

export const capVault: Adapter<"cap-vault"> = {
  kind: "cap-vault",
  version: 2,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "current-bps" },
  policy: ONCHAIN_POLICY,
  *read({ chain, vault }, given) {
    const [list, supply, supplyDecimals] = yield [
      call(vault, CAP_VAULT, "assets"),
      call(vault, ERC20, "totalSupply"),
      call(vault, ERC20, "decimals"),
    ];
    if (!Array.isArray(list) || list.length === 0) throw new AdapterFailed("the vault's assets could not be read");
    const assets = list.map((address) => String(address).toLowerCase());
    const decimals = decimalsOf(supplyDecimals, "the token's decimals");
    const oneToken = 10n ** BigInt(decimals);
    const answers = yield assets.flatMap((asset) => [
      call(vault, CAP_VAULT, "totalSupplies", [asset]),
      call(vault, CAP_VAULT, "availableBalance", [asset]),
      call(vault, CAP_VAULT, "paused", [asset]),
      call(asset, ERC20, "decimals"),
      call(asset, ERC20, "symbol"),
      call(vault, CAP_VAULT, "getBurnAmount", [asset, oneToken]),
    ]);
    const holdings = assets.map((asset, i) => {
      const [supplied, available, paused, assetDecimals, symbol, burn] = answers.slice(
        i * READS_AN_ASSET,
        (i + 1) * READS_AN_ASSET,
      );
      if (typeof paused !== "boolean") throw new AdapterFailed(`whether ${asset} is paused could not be read`);
      const scale = decimalsOf(assetDecimals, `decimals of ${asset}`);
      return {
        name: typeof symbol === "string" && symbol !== "" ? symbol : asset,
        coinId: given.coinOfToken(chain, asset),
        supplied: mustUnits(supplied, scale, `the supply of ${asset}`),
        available: mustUnits(available, scale, `the balance of ${asset}`),
        paused,
        feeBps: burnFeeBps(burn),
      };
    });
    const total = mustUnits(supply, decimals, "total supply");
    const open = holdings.filter(({ paused }) => !paused);
    const capacityUsd = open.reduce((sum, { available }) => sum + available, 0);
    const fees = open.filter(({ available }) => available > 0).map(({ feeBps }) => feeBps);
    const feeBps = fees.length === 0 || fees.includes(null) ? null : Math.max(...(fees as number[]));
    const anyPaused = open.length < holdings.length;
    return {
      source: `${chain}/${vault}`,
      slices: slicesOf(
        holdings.map(({ name, coinId, supplied }) => ({
          name,
          coinId,
          value: supplied,
          risk: coinId === null ? ("medium" as const) : ("low" as const),
        })),
      ),
      warnings: [],
      metadata: {
        freshnessMode: "not-applicable",
        totalReserveUsd: holdings.reduce((sum, { supplied }) => sum + supplied, 0),
        redemption: {
          capacityUsd,
          ...(total > 0 ? { capacityRatioOfSupply: Math.min(1, capacityUsd / total) } : {}),
          capacityKind: "live-direct-bounded",
          freshnessKind: "same-run-onchain",
          ...(feeBps === null ? {} : { feeBps }),
          routeStatus: capacityUsd === 0 ? "paused" : anyPaused ? "degraded" : "open",
          routeStatusSource: "onchain",
          ...(capacityUsd === 0 ? { routeStatusReason: "Nothing in the vault can be taken" } : {}),
          ...(capacityUsd > 0 && anyPaused ? { routeStatusReason: "Part of the vault's assets is paused" } : {}),
        },
      },
    };
  },
};
