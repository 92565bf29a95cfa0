/** Every adapter by its kind: a new one is a file, a line here and its facts in schema/reserve-adapter.ts. */
import type { AdapterKind } from "../../schema/reserve-adapter.ts";
import type { Adapter } from "../adapter.ts";
import { asymmetry } from "./asymmetry.ts";
import { capVault } from "./cap-vault.ts";
import { erc4626SingleAsset } from "./erc4626-single-asset.ts";
import { ethena } from "./ethena.ts";
import { fraxBalanceSheetAdapter } from "./frax-balance-sheet.ts";
import { fxPools } from "./fx-pools.ts";
import { ghoGsm } from "./gho-gsm.ts";
import { infinifi } from "./infinifi.ts";
import { jupusd } from "./jupusd.ts";
import { liquityNativeActivePool } from "./liquity-native-active-pool.ts";
import { liquityV1 } from "./liquity-v1.ts";
import { liquityV2Branches } from "./liquity-v2-branches.ts";
import { m0WrapperUnderlying } from "./m0-wrapper-underlying.ts";
import { originVaultBalances } from "./origin-vault-balances.ts";
import { reservoirPsm } from "./reservoir-psm.ts";
import { resupplyPairs } from "./resupply-pairs.ts";
import { sghoWrapper } from "./sgho-wrapper.ts";
import { skyMakercore } from "./sky-makercore.ts";
import { stablecoinBridges } from "./stablecoin-bridges.ts";
import { superstateLiquidity } from "./superstate-liquidity.ts";
import { yamato } from "./yamato.ts";

export const ADAPTERS: { readonly [Kind in AdapterKind]: Adapter<Kind> } = {
  asymmetry,
  "cap-vault": capVault,
  "erc4626-single-asset": erc4626SingleAsset,
  "frax-balance-sheet": fraxBalanceSheetAdapter,
  "fx-pools": fxPools,
  "gho-gsm": ghoGsm,
  infinifi,
  jupusd,
  "liquity-v1": liquityV1,
  "liquity-v2-branches": liquityV2Branches,
  "m0-wrapper-underlying": m0WrapperUnderlying,
  "origin-vault-balances": originVaultBalances,
  "sky-makercore": skyMakercore,
  ethena,
  "liquity-native-active-pool": liquityNativeActivePool,
  "reservoir-psm": reservoirPsm,
  "resupply-pairs": resupplyPairs,
  "sgho-wrapper": sghoWrapper,
  "stablecoin-bridges": stablecoinBridges,
  "superstate-liquidity": superstateLiquidity,
  yamato,
};

/** The adapter of an entry; both are of one kind, which TypeScript cannot see through a lookup. */
export function adapterOf(kind: AdapterKind): Adapter {
  return ADAPTERS[kind] as unknown as Adapter;
}
