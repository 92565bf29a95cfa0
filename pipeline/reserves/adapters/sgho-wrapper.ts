/**
 * sGHO: what all its shares would be paid now, and no more than the GHO that lies in the vault: the savings rate is owed before the
 * DAO has sent it.
 */
import { ERC20, ERC4626, PAUSABLE } from "../abis.ts";
import {
  type Adapter,
  AdapterFailed,
  call,
  decimalsOf,
  mustBig,
  mustUnits,
  ONCHAIN_POLICY,
  pauseCheck,
} from "../adapter.ts";

export const sghoWrapper: Adapter<"sgho-wrapper"> = {
  kind: "sgho-wrapper",
  version: 1,
  semantics: "single-asset",
  sourceModel: "single-bucket",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, vault, asset, assetCoinId }, given) {
    const [pointsTo, sharesRead, heldRead, decimalsRead, pausedRead] = yield [
      call(vault, ERC4626, "asset"),
      call(vault, ERC4626, "totalSupply"),
      call(asset, ERC20, "balanceOf", [vault]),
      call(asset, ERC20, "decimals"),
      call(vault, PAUSABLE, "paused"),
    ];
    if (String(pointsTo).toLowerCase() !== asset)
      throw new AdapterFailed("the vault holds another asset than reviewed");
    const shares = mustBig(sharesRead, "the vault's shares");
    const [owedRead] = yield [call(vault, ERC4626, "previewRedeem", [shares])];
    const decimals = decimalsOf(decimalsRead, "the asset's decimals");
    const owed = mustUnits(owedRead, decimals, "what all shares would be paid");
    const payable = Math.min(owed, mustUnits(heldRead, decimals, "what lies in the vault"));
    const priceUsd = given.coinPriceUsd(assetCoinId);
    const pause = pauseCheck(pausedRead, { what: "the vault", who: "The vault" });
    return {
      source: `${chain}/${vault}`,
      slices: [{ name: assetCoinId, pct: 100, risk: "low", coinId: assetCoinId }],
      warnings: pause.warnings,
      metadata: {
        freshnessMode: "not-applicable",
        redemption: {
          ...(priceUsd === null ? {} : { capacityUsd: payable * priceUsd }),
          ...(owed > 0 ? { capacityRatioOfSupply: payable / owed } : {}),
          capacityKind: "live-direct",
          freshnessKind: "same-run-onchain",
          ...pause.status,
          settlementDelaySec: 0,
          holderEligibility: "any-holder",
        },
      },
    };
  },
};
