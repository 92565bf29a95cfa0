/** The few functions adapters read, by protocol. Signatures from the reserve methodology, selectors checked by its authors. */
import { type Abi, parseAbi } from "viem";

const abi = (...signatures: string[]): Abi => parseAbi(signatures) as Abi;

export const ERC20 = abi(
  "function balanceOf(address) view returns (uint256)",
  "function decimals() view returns (uint8)",
  "function totalSupply() view returns (uint256)",
  "function symbol() view returns (string)",
);

export const ERC4626 = abi(
  "function asset() view returns (address)",
  "function totalAssets() view returns (uint256)",
  "function totalSupply() view returns (uint256)",
  "function convertToAssets(uint256) view returns (uint256)",
  "function previewRedeem(uint256) view returns (uint256)",
);

export const PAUSABLE = abi("function paused() view returns (bool)");

export const LITE_PSM = abi("function gem() view returns (address)", "function pocket() view returns (address)");

export const CAP_VAULT = abi(
  "function assets() view returns (address[])",
  "function totalSupplies(address) view returns (uint256)",
  "function totalBorrows(address) view returns (uint256)",
  "function availableBalance(address) view returns (uint256)",
  "function paused(address) view returns (bool)",
  "function getBurnAmount(address,uint256) view returns (uint256 amountOut, uint256 fee)",
);

export const LIQUITY_V1 = abi(
  "function getEntireSystemColl() view returns (uint256)",
  "function getEntireSystemDebt() view returns (uint256)",
  "function getTCR(uint256) view returns (uint256)",
  "function MCR() view returns (uint256)",
  "function getRedemptionRateWithDecay() view returns (uint256)",
);

/** Writes on chain; a static call of it changes nothing. */
export const LIQUITY_PRICE_FEED = abi("function fetchPrice() view returns (uint256)");

export const LIQUITY_V2 = abi(
  "function getBoldDebt() view returns (uint256)",
  "function hasBeenShutDown() view returns (bool)",
  "function getRedemptionRateWithDecay() view returns (uint256)",
);

export const FX_POOL = abi(
  "function getTotalRawCollaterals() view returns (uint256)",
  "function getTotalRawDebts() view returns (uint256)",
);

export const GSM = abi(
  "function getUsed() view returns (uint256)",
  "function getCurrentBacking() view returns (uint256 excess, uint256 deficit)",
  "function getIsFrozen() view returns (bool)",
  "function getIsSeized() view returns (bool)",
  "function getFeeStrategy() view returns (address)",
  "function getBuyFee(uint256) view returns (uint256)",
);

export const GHO = parseAbi([
  "struct Facilitator { uint128 bucketCapacity; uint128 bucketLevel; string label; }",
  "function totalSupply() view returns (uint256)",
  "function getFacilitatorsList() view returns (address[])",
  "function getFacilitator(address) view returns (Facilitator)",
]) as Abi;

export const ORIGIN_VAULT = abi("function getAllAssets() view returns (address[])");

/** infiniFi's own interfaces: github.com/InfiniFi-Labs/infinifi-protocol, src/integrations and src/funding. */
export const INFINIFI_REGISTRY = abi("function getAssetTypeFarms(address,uint256) view returns (address[])");
export const INFINIFI_FARM = abi("function liquidity() view returns (uint256)");
export const INFINIFI_CONTROLLER = abi(
  "function liquidity() view returns (uint256)",
  "function totalEnqueuedRedemptions() view returns (uint256)",
  "function paused() view returns (bool)",
  "function receiptToAsset(uint256) view returns (uint256)",
);

/** Mezo's system, where it differs from Liquity's: npm @mezo-org/musd-contracts, deployments/mainnet. */
export const MEZO_BORROWER_OPERATIONS = abi("function redemptionRate() view returns (uint256)");

/** npm @frankencoin/zchf, contracts/swap/StablecoinBridge.sol. */
export const STABLECOIN_BRIDGE = abi(
  "function chf() view returns (address)",
  "function minted() view returns (uint256)",
);

/** github.com/resupplyfi/resupply, src/protocol/RedemptionHandler.sol and its tests. */
export const RESUPPLY_REGISTRY = abi(
  "function getAllPairAddresses() view returns (address[])",
  "function redemptionHandler() view returns (address)",
);
export const RESUPPLY_HANDLER = abi(
  "function getMaxRedeemableDebt(address) view returns (uint256)",
  "function guardEnabled() view returns (bool)",
  "function permissionlessPriceThreshold() view returns (uint256)",
);
export const RESUPPLY_ORACLE = abi("function oraclePriceAsCrvusd() view returns (uint256)");

/** github.com/DeFiGeek-Community/yamato, contracts/PriorityRegistryV6.sol. */
export const YAMATO_PRIORITY = abi("function getRedeemablesCap() view returns (uint256)");
