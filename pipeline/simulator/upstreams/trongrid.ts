/** api.trongrid.io: events of a contract by name and time in milliseconds, and what an account holds. */
import { freezesBetween } from "../freezes.ts";
import { keyOf, unit } from "../noise.ts";
import { ok, type SimUpstream } from "../upstream.ts";

const TRON = "tron:0x2b6653dc";
const BLOCK_SEC = 3;
const DAY_SEC = 86_400;

export const trongrid: SimUpstream = {
  id: "trongrid",
  answer({ path, query }, world, nowSec) {
    const contract = /^\/v1\/contracts\/(T\w+)\/events$/.exec(path)?.[1];
    if (contract) {
      const since = Number(query.get("min_block_timestamp") ?? (nowSec - DAY_SEC) * 1000) / 1000;
      const data = freezesBetween(world, TRON, Math.ceil(since), nowSec)
        .filter(({ issuer, topic }) => issuer.address === contract && topic === query.get("event_name"))
        .map(({ atSec, topic, holder, hash, index }) => ({
          block_number: Math.floor(atSec / BLOCK_SEC),
          block_timestamp: atSec * 1000,
          caller_contract_address: contract,
          contract_address: contract,
          event_index: index,
          event_name: topic,
          result: { 0: `0x${holder}`, _user: `0x${holder}` },
          transaction_id: hash,
        }));
      return ok({ success: true, data, meta: { at: nowSec * 1000, page_size: data.length } });
    }
    const account = /^\/v1\/accounts\/(\w+)$/.exec(path)?.[1];
    if (!account) return null;
    const held = Math.floor(unit(keyOf(account)) ** 3 * 5e12);
    return ok({
      success: true,
      data: [{ address: account, trc20: [{ TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t: `${held}` }] }],
    });
  },
};
