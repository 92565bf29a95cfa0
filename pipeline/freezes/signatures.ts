/**
 * What freezes look like on a chain: event signatures by family of contract. Freeze methodology, section 1.
 *
 * Whether a parameter is indexed is no part of a topic's hash, so places are counted over indexed parameters first and data words
 * after them: a contract that indexes less than its family shifts, and is still read.
 */
import { keccak256, toHex } from "viem";
import type { FreezeType } from "../schema/freezes.ts";

export interface FreezeSignature {
  signature: string;
  type: FreezeType;
  /** Place of the address; "array" for a list of them in the data. */
  address: number | "array";
  /** Place of the amount; null where the event states none. */
  amount: number | null;
  /** The tokens are gone after it: its amount is the balance before. */
  wipes: boolean;
}

function freeze(signature: string, address: number | "array" = 0): FreezeSignature {
  return { signature, type: "blacklist", address, amount: null, wipes: false };
}

function release(signature: string, address: number | "array" = 0): FreezeSignature {
  return { signature, type: "unblacklist", address, amount: null, wipes: false };
}

function destroy(signature: string, address: number, amount: number | null): FreezeSignature {
  return { signature, type: "destroy", address, amount, wipes: amount === null };
}

const DESTROYED = destroy("DestroyedBlackFunds(address,uint256)", 0, 1);
const WIPED = destroy("FrozenAddressWiped(address)", 0, null);
const DUAL_INDEX = [freeze("Freeze(address,address)", 1), release("Unfreeze(address,address)", 1)];
const ACCOUNT = [freeze("AccountFrozen(address)"), release("AccountUnfrozen(address)")];
const TETHER = [freeze("AddedBlackList(address)"), release("RemovedBlackList(address)"), DESTROYED];
const TETHER_INDEXED = [
  freeze("BlockPlaced(address)"),
  release("BlockReleased(address)"),
  destroy("DestroyedBlockedFunds(address,uint256)", 0, 1),
];

export const FAMILIES = {
  circle: [freeze("Blacklisted(address)"), release("UnBlacklisted(address)")],
  tether: TETHER,
  "tether-indexed": TETHER_INDEXED,
  "tether-both": [...TETHER, ...TETHER_INDEXED],
  "paxos-gold": [freeze("AddressFrozen(address)"), release("AddressUnfrozen(address)"), WIPED],
  "paxos-usd": [freeze("FreezeAddress(address)"), release("UnfreezeAddress(address)"), WIPED],
  "dual-index": DUAL_INDEX,
  wlfi: [
    ...DUAL_INDEX,
    destroy("FrozenAccountDrained(address,address,uint256)", 1, 2),
    destroy("FrozenFundsReallocated(address,address,address,uint256)", 1, 3),
  ],
  ripple: [freeze("AccountPaused(address)"), release("AccountUnpaused(address)")],
  batch: [freeze("AccountsBlocked(address[])", "array"), release("AccountsUnblocked(address[])", "array")],
  a7a5: [freeze("Blacklisted(address)"), release("DeBlacklisted(address)"), DESTROYED],
  account: ACCOUNT,
  mnee: [
    ...ACCOUNT,
    destroy("FundsConfiscated(address,uint256,address)", 0, 1),
    destroy("HoldingsBurnt(address,uint256)", 0, 1),
  ],
  ban: [freeze("AccountBanned(address)"), release("AccountUnbanned(address)")],
  "hex-trust": [freeze("AddedBlacklist(address)"), release("RemovedBlacklist(address)")],
  "deny-list": [freeze("AddedToDenyList(address[])", "array"), release("RemovedFromDenyList(address[])", "array")],
  tgbp: [freeze("Banned(address)"), release("UnBanned(address)")],
  securitize: [
    destroy("Seize(address,address,uint256,string)", 0, 2),
    destroy("OmnibusSeize(address,address,uint256,string,uint8)", 1, 2),
  ],
} as const satisfies Record<string, readonly FreezeSignature[]>;
export type FreezeFamily = keyof typeof FAMILIES;

export function topicOf(signature: string): string {
  return keccak256(toHex(signature));
}
