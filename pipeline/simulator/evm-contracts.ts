/**
 * Contracts of the simulated EVM chains: what eth_call answers for the coins' ERC-20s, for Chainlink's currency and metal
 * feeds, and for Multicall3, as pure functions of the block's time.
 */
import { type Address, encodeFunctionResult, erc20Abi, getAddress, type Hex, multicall3Abi, parseAbi } from "viem";
import { isToken, type SimCoin } from "./coin.ts";
import { decodeCall } from "./decode-call.ts";
import { callHeldToken, callReserve, isHeldToken, reserveBalance } from "./reserve-contracts.ts";
import type { World } from "./world.ts";

export const MULTICALL3_ADDRESS = "0xca11bde05977b3631167028862be2a173976ca11";
const HOUR_SEC = 3_600;
const DEFAULT_DECIMALS = 18;
const SAFE_DECIMALS = 6;
/** What each treasury, reserve or bridge address holds, as a share of the chain's circulation. */
const HOLDER_SHARE = 0.02;
const TOTAL_SUPPLY: Hex = "0x18160ddd";
const FEED_DECIMALS = 8;
/** Feeds are refreshed this often in the simulation; the strictest of them counts as stale after 6 hours. */
const FEED_HEARTBEAT_SEC = HOUR_SEC;

const FEED_ABI = parseAbi([
  "function decimals() view returns (uint8)",
  "function description() view returns (string)",
  "function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)",
]);

/** Chainlink proxies of the method's table: chain and address to the code whose USD value they tell. */
const FEEDS: Record<string, string> = {
  "eip155:8453/0xc91d87e81fab8f93699ecf7ee9b44d11e1d53f0f": "EUR",
  "eip155:8453/0xccea6576904c118037695eb71195a5425e69fa15": "GBP",
  "eip155:1/0xbce206cae7f0ec07b545edde332a47c2f75bbeb3": "JPY",
  "eip155:42161/0x1f954dc24a49708c26e0c1777f16750b5c6d5a2c": "XAU",
  "eip155:1/0x379589227b15f1a12195d3f2d90bbc9f31f95235": "XAG",
};
export const FEED_CHAINS = [...new Set(Object.keys(FEEDS).map((key) => key.slice(0, key.indexOf("/"))))];

const POOL_ABI = parseAbi([
  "function get_dy(int128 i, int128 j, uint256 dx) view returns (uint256)",
  "function get_dy_underlying(int128 i, int128 j, uint256 dx) view returns (uint256)",
]);
const ORACLE_ABI = parseAbi(["function price() view returns (uint256)"]);
/** A pool keeps this of every exchange. */
const POOL_FEE_RATIO = 0.000_1;
const ORACLE_DECIMALS = 18;

interface Curve {
  coin: SimCoin;
  kind: "curve-pool" | "curve-oracle";
  outputIndex: number;
  outputDecimals: number;
  via: string | null;
}

const curveIndexes = new WeakMap<World, Map<string, Curve[]>>();

/** Curve's contracts by chain and address; one pool may price several coins. */
function curvesOf(world: World): Map<string, Curve[]> {
  const known = curveIndexes.get(world);
  if (known) return known;
  const index = new Map<string, Curve[]>();
  for (const coin of world.coins)
    for (const feed of coin.priceFeeds ?? []) {
      if (feed.kind !== "curve-pool" && feed.kind !== "curve-oracle") continue;
      const key = `${feed.chain}/${feed.address?.toLowerCase()}`;
      const { kind, outputIndex = 0, outputDecimals = DEFAULT_DECIMALS, via = null } = feed;
      index.set(key, [...(index.get(key) ?? []), { coin, kind, outputIndex, outputDecimals, via }]);
    }
  curveIndexes.set(world, index);
  return index;
}

function callCurve(world: World, curves: readonly Curve[], data: Hex, timeSec: number): Hex | null {
  const priceOf = (coinId: string) => world.venuePriceUsd("curve-onchain", coinId, timeSec);
  const [oracle] = curves.filter(({ kind }) => kind === "curve-oracle");
  if (oracle && decodeCall(ORACLE_ABI, data)) {
    const result = baseUnits(priceOf(oracle.coin.id) ?? 0, ORACLE_DECIMALS);
    return encodeFunctionResult({ abi: ORACLE_ABI, functionName: "price", result });
  }
  const call = decodeCall(POOL_ABI, data);
  const curve = call && curves.find(({ outputIndex }) => BigInt(outputIndex) === call.args[1]);
  const [price, viaPrice] = curve ? [priceOf(curve.coin.id), curve.via === null ? 1 : priceOf(curve.via)] : [];
  if (!call || !curve || !price || !viaPrice) return null;
  const result = baseUnits((viaPrice / price) * (1 - POOL_FEE_RATIO), curve.outputDecimals);
  return encodeFunctionResult({ abi: POOL_ABI, functionName: call.functionName, result });
}

interface Token {
  coin: SimCoin;
  chain: string;
  address: string;
  decimals: number;
  /** Tokens of this coin on this chain: they share its circulation evenly. */
  siblings: number;
  holders: ReadonlySet<string>;
}

const indexes = new WeakMap<World, Map<string, Token>>();

function tokensOf(world: World): Map<string, Token> {
  const known = indexes.get(world);
  if (known) return known;
  const index = new Map<string, Token>();
  for (const coin of world.coins) {
    for (const { chain, address, decimals } of coin.deployments.filter(isToken)) {
      const here = coin.deployments.filter((deployment) => deployment.chain === chain);
      index.set(`${chain}/${address.toLowerCase()}`, {
        coin,
        chain,
        address: address.toLowerCase(),
        decimals: decimals ?? DEFAULT_DECIMALS,
        siblings: here.filter(isToken).length,
        holders: new Set(here.filter((d) => !isToken(d)).map((d) => d.address.toLowerCase())),
      });
    }
  }
  for (const coin of world.coins) {
    for (const { chain, address, decimals, events } of coin.mintBurnContracts ?? []) {
      if (address === null || !events.includes("transfer")) continue;
      const known = index.get(`${chain}/${address}`);
      const siblings = coin.deployments.filter(
        (deployment) => deployment.chain === chain && isToken(deployment),
      ).length;
      index.set(
        `${chain}/${address}`,
        known
          ? { ...known, decimals }
          : { coin, chain, address, decimals, siblings: Math.max(1, siblings), holders: new Set<string>() },
      );
    }
  }
  indexes.set(world, index);
  return index;
}

/** Total supply of a token in base units; null where no token is. */
export function totalSupplyUnits(world: World, chain: string, address: string, timeSec: number): bigint | null {
  const token = tokensOf(world).get(`${chain}/${address}`);
  if (token === undefined) return null;
  // A vault states its own supply, and must state the same as its events.
  const stated = callReserve(world, chain, address, TOTAL_SUPPLY, timeSec);
  if (stated) return BigInt(stated);
  const circulating = circulatingHere(world, token, timeSec);
  return baseUnits(circulating * (1 + HOLDER_SHARE * token.holders.size), token.decimals);
}

function baseUnits(units: number, decimals: number): bigint {
  if (decimals < SAFE_DECIMALS) return BigInt(Math.round(units * 10 ** decimals));
  return BigInt(Math.round(units * 10 ** SAFE_DECIMALS)) * 10n ** BigInt(decimals - SAFE_DECIMALS);
}

const REDEEM_ABI = parseAbi(["function getBurnAmount(address asset, uint256 amountIn) view returns (uint256)"]);

/** What a token hands out when it is burned for another: their prices' ratio, where it is redeemed that way. */
function callRedemption(world: World, { coin, chain, decimals }: Token, data: Hex, timeSec: number): Hex | null {
  if (!coin.priceFeeds?.some(({ basis }) => basis === "getBurnAmount")) return null;
  const call = decodeCall(REDEEM_ABI, data);
  const asset = call && tokensOf(world).get(`${chain}/${call.args[0].toLowerCase()}`);
  if (!call || !asset) return null;
  const [price, assetPrice] = [coin, asset.coin].map(({ id }) => world.truePriceUsd(id, timeSec));
  if (!price || !assetPrice) return null;
  const units = Number(call.args[1]) / 10 ** decimals;
  const result = baseUnits((units * price) / assetPrice, asset.decimals);
  return encodeFunctionResult({ abi: REDEEM_ABI, functionName: "getBurnAmount", result });
}

const CDO_ABI = parseAbi(["function virtualPrice(address tranche) view returns (uint256)"]);

/** What a tranche is worth in what it was paid for, as the contract that issues it states; null where no tranche is issued there. */
function callCdo(world: World, chain: string, address: string, data: Hex, timeSec: number): Hex | null {
  const call = decodeCall(CDO_ABI, data);
  const tranche = call && tokensOf(world).get(`${chain}/${call.args[0].toLowerCase()}`);
  const feed = tranche?.coin.priceFeeds?.find(({ contract }) => contract?.toLowerCase() === address);
  if (!tranche || feed?.parent === undefined) return null;
  return ratioResult(world, tranche, feed.parent, 1, timeSec, (result) =>
    encodeFunctionResult({ abi: CDO_ABI, functionName: "virtualPrice", result }),
  );
}

/** Units of a parent that `units` of a token are worth, in the parent's base units on the same chain; null where either is unknown. */
function ratioResult(
  world: World,
  { coin, chain }: Token,
  parent: string,
  units: number,
  timeSec: number,
  encode: (result: bigint) => Hex,
): Hex | null {
  const asset = [...tokensOf(world).values()].find((token) => token.chain === chain && token.coin.id === parent);
  if (!asset) return null;
  const [price, assetPrice] = [coin, asset.coin].map(({ id }) => world.truePriceUsd(id, timeSec));
  return price && assetPrice ? encode(baseUnits((units * price) / assetPrice, asset.decimals)) : null;
}

const VAULT_ABI = parseAbi([
  "function convertToAssets(uint256 shares) view returns (uint256)",
  "function previewRedeem(uint256 shares) view returns (uint256)",
]);

/** What a savings vault's shares are worth in what they save: their prices' ratio. */
function callVault(world: World, token: Token, data: Hex, timeSec: number): Hex | null {
  const feed = token.coin.priceFeeds?.find(({ kind }) => kind === "erc4626-parent");
  const call = feed && decodeCall(VAULT_ABI, data);
  if (!call || feed.parent === undefined) return null;
  const units = Number(call.args[0]) / 10 ** token.decimals;
  return ratioResult(world, token, feed.parent, units, timeSec, (result) =>
    encodeFunctionResult({ abi: VAULT_ABI, functionName: call.functionName, result }),
  );
}

function circulatingHere(world: World, token: Token, timeSec: number): number {
  const share = world.chainShares(token.coin.id, timeSec).find(({ chain }) => chain === token.chain);
  return (world.circulatingUnits(token.coin.id, timeSec) * (share?.shareRatio ?? 0)) / token.siblings;
}

function callToken(world: World, token: Token, data: Hex, timeSec: number): Hex | null {
  const call = decodeCall(erc20Abi, data);
  if (!call) return callRedemption(world, token, data, timeSec) ?? callVault(world, token, data, timeSec);
  const { functionName } = call;
  if (functionName === "decimals") return encodeFunctionResult({ abi: erc20Abi, functionName, result: token.decimals });
  if (functionName === "symbol" || functionName === "name") {
    return encodeFunctionResult({ abi: erc20Abi, functionName, result: token.coin[functionName] });
  }
  const circulating = circulatingHere(world, token, timeSec);
  const held = circulating * HOLDER_SHARE;
  if (functionName === "totalSupply") {
    const total = baseUnits(circulating * (1 + HOLDER_SHARE * token.holders.size), token.decimals);
    return encodeFunctionResult({ abi: erc20Abi, functionName, result: total });
  }
  if (functionName === "balanceOf") {
    const reserve = reserveBalance(world, token.chain, token.address, call.args[0], timeSec);
    const balance = reserve ?? (token.holders.has(call.args[0].toLowerCase()) ? held : 0);
    return encodeFunctionResult({ abi: erc20Abi, functionName, result: baseUnits(balance, token.decimals) });
  }
  return null;
}

function callFeed(world: World, code: string, data: Hex, timeSec: number): Hex | null {
  const call = decodeCall(FEED_ABI, data);
  if (!call) return null;
  const abi = FEED_ABI;
  const { functionName } = call;
  if (functionName === "decimals") return encodeFunctionResult({ abi, functionName, result: FEED_DECIMALS });
  if (functionName === "description") return encodeFunctionResult({ abi, functionName, result: `${code} / USD` });
  const updatedAt = Math.floor(timeSec / FEED_HEARTBEAT_SEC) * FEED_HEARTBEAT_SEC;
  const usd = world.venueFxUsdPerUnit("chainlink", code, updatedAt) ?? 0;
  const round = BigInt(updatedAt / FEED_HEARTBEAT_SEC);
  const answer = BigInt(Math.round(usd * 10 ** FEED_DECIMALS));
  return encodeFunctionResult({
    abi,
    functionName,
    result: [round, answer, BigInt(updatedAt), BigInt(updatedAt), round],
  });
}

function callMulticall(world: World, chain: string, data: Hex, timeSec: number): Hex | null {
  const call = decodeCall(multicall3Abi, data);
  if (call?.functionName !== "aggregate3") return null;
  const results = call.args[0].map(({ target, callData }) => {
    const returnData = ethCall(world, chain, target, callData, timeSec);
    return { success: returnData !== null, returnData: returnData ?? "0x" };
  });
  if (results.some(({ success }, i) => !success && !call.args[0][i]?.allowFailure)) return null;
  return encodeFunctionResult({ abi: multicall3Abi, functionName: "aggregate3", result: results });
}

/** Result of a call to any address: "0x" where no contract is, null for a revert. */
export function ethCall(world: World, chain: string, to: Address, data: Hex, timeSec: number): Hex | null {
  const address = to.toLowerCase();
  if (address === MULTICALL3_ADDRESS) return callMulticall(world, chain, data, timeSec);
  const feed = FEEDS[`${chain}/${address}`];
  if (feed) return callFeed(world, feed, data, timeSec);
  const curves = curvesOf(world).get(`${chain}/${address}`);
  if (curves) return callCurve(world, curves, data, timeSec);
  const reserve = callReserve(world, chain, address, data, timeSec);
  if (reserve !== undefined) return reserve;
  const token = tokensOf(world).get(`${chain}/${address}`);
  if (token) return callToken(world, token, data, timeSec);
  if (isHeldToken(world, chain, address)) return callHeldToken(world, chain, address, data, timeSec);
  return callCdo(world, chain, address, data, timeSec) ?? "0x";
}

/** The address in its checksummed spelling, or null for anything else. */
export function addressOf(value: unknown): Address | null {
  return typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value) ? getAddress(value.toLowerCase()) : null;
}
