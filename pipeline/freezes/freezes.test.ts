import { describe, expect, it } from "vitest";
import { loadRegistry } from "../registry/registry.ts";
import type { EvmLog } from "../sources/evm-log.ts";
import { HOME } from "../test-support/small-world.ts";
import { freezeContracts } from "./contracts.ts";
import { cursorOf, frozenSums, readFreezeState, withEvents } from "./cursors.ts";
import { decodeFreeze, tokensText } from "./decode.ts";
import { tronAddress } from "./scan-tron.ts";
import { FAMILIES, type FreezeFamily, topicOf } from "./signatures.ts";

const HOLDER = "0x00112233445566778899aabbccddeeff00112233";
const word = (hex: string) => hex.replace(/^0x/, "").padStart(64, "0");
const log = (signature: string, topics: string[], data: string[]): EvmLog => ({
  address: "0x00000000000000000000000000000000000000aa",
  topics: [topicOf(signature), ...topics.map((topic) => `0x${word(topic)}`)],
  data: `0x${data.map(word).join("")}`,
  blockNumber: 1,
  transactionHash: "0x01",
  logIndex: 0,
});

/** Topics of the freeze methodology, section 1, as it prints them. */
const TOPICS: Record<string, string> = {
  "Blacklisted(address)": "0xffa4e6181777692565cf28528fc88fd1516ea86b56da075235fa575af6a4b855",
  "UnBlacklisted(address)": "0x117e3210bb9aa7d9baff172026820255c6f6c30ba8999d1c2fd88e2848137c4e",
  "AddedBlackList(address)": "0x42e160154868087d6bfdc0ca23d96a1c1cfa32f1b72ba9ba27b69b98a0d819dc",
  "RemovedBlackList(address)": "0xd7e9ec6e6ecd65492dce6bf513cd6867560d49544421d0783ddf06e76c24470c",
  "DestroyedBlackFunds(address,uint256)": "0x61e6e66b0d6339b2980aecc6ccc0039736791f0ccde9ed512e789a7fbdd698c6",
  "BlockPlaced(address)": "0x406bbf2d8d145125adf1198d2cf8a67c66cc4bb0ab01c37dccd4f7c0aae1e7c7",
  "BlockReleased(address)": "0x665918c9e02eb2fd85acca3969cb054fc84c138e60ec4af22ab6ef2fd4c93c27",
  "DestroyedBlockedFunds(address,uint256)": "0x6a2859ae7902313752498feb80a014e6e7275fe964c79aa965db815db1c7f1e9",
  "AddressFrozen(address)": "0x90811a8edd3b3c17eeaefffc17f639cc69145d41a359c9843994dc2538203690",
  "AddressUnfrozen(address)": "0xc3776b472ebf54114339eec9e4dc924e7ce307a97f5c1ee72b6d474e6e5e8b7c",
  "FreezeAddress(address)": "0x1aa660498c83ea285bc55e4cfc00afcaa7120798db87b74f3c0d7c6e001bc392",
  "UnfreezeAddress(address)": "0x150465b020dfc06a59269da94ed66db9b65a516cf4fdd5f583b0f12752339bbe",
  "FrozenAddressWiped(address)": "0xfc5960f1c5a5d2b60f031bf534af053b1bf7d9881989afaeb8b1d164db23aede",
  "Freeze(address,address)": "0x51d18786e9cb144f87d46e7b796309ea84c7c687d91e09c97f051eacf59bc528",
  "Unfreeze(address,address)": "0x4f3ab9ff0cc4f039268532098e01239544b0420171876e36889d01c62c784c79",
  "FrozenAccountDrained(address,address,uint256)": "0x76fa81ac53e82d7102caacc3866ae3ca5684caa4c24d995ff4d76ce8a10fbfef",
  "FrozenFundsReallocated(address,address,address,uint256)":
    "0x10aa54b8d21641b161adf6251c11512c46fcf822feaf6f66057c006dc29def4a",
  "AccountPaused(address)": "0xae7f60c1b8f645c3beffeb531169cbc446874bbf247698325318879ac850c346",
  "AccountUnpaused(address)": "0x0c18efbde61ac471ead6960a3f1097735c68ecdb685ae8e2a108c28385399a65",
  "AccountsBlocked(address[])": "0x5444f9841c04ce78987f28701fa07fc4c112840c1c8439e8f52bda50c3788a87",
  "AccountsUnblocked(address[])": "0x4a637dd1cd99ae43d353009d0ffbc16b05cc69808b819ebf852c68ea47b34dd4",
  "DeBlacklisted(address)": "0x8e6c9e5ceff66044a0b27759779a9be2e7c99655252b235ff3f754efb6b8a616",
  "AccountFrozen(address)": "0x4f2a367e694e71282f29ab5eaa04c4c0be45ac5bf2ca74fb67068b98bdc2887d",
  "AccountUnfrozen(address)": "0xf915cd9fe234de6e8d3afe7bf2388d35b2b6d48e8c629a24602019bde79c213a",
  "FundsConfiscated(address,uint256,address)": "0x5a592536e075e29026312219123e24de374314962469686d4c992d3c7292c1b4",
  "HoldingsBurnt(address,uint256)": "0x1b560ad975f2a2685fce792af7ad191c5f1c0bfbbf108c676319be3ccb014ddf",
  "AccountBanned(address)": "0xf5ccd95e2294edead25b59a71c189b3543cffbde2ec0d763800bdcc8807c7c3e",
  "AccountUnbanned(address)": "0xc98af8f4ec4ddc4c9cd83aa9d9adbf34053062dc51ad93a562c787c2cc5dbc47",
  "AddedBlacklist(address)": "0x86c048150dfc5def3c35f7bc81582956dd964e56d8c028c9f4f5e978bb203c31",
  "RemovedBlacklist(address)": "0x90792cb7177eb70be35a14e39400d4143370da97f528237fd2b069e408ca68fb",
  "AddedToDenyList(address[])": "0x02dd2f2ab1d45714c6f178e8ff8c5594023ec5d134bb99bbb230adabdb718c05",
  "RemovedFromDenyList(address[])": "0xfe849628f690f8527fe506998b4ddf44a5b11ecb3ec64257db0951b62d9a4f38",
  "Banned(address)": "0x30d1df1214d91553408ca5384ce29e10e5866af8423c628be22860e41fb81005",
  "UnBanned(address)": "0xb39966eac8a0ae96284afcbb1a1e8eb366677548a09cf1bf773b39b26bedd234",
  "Seize(address,address,uint256,string)": "0x5068c48f7f290ce2b8d555bd28014be9f312999bb621037ea3e9fc86335a21d7",
  "OmnibusSeize(address,address,uint256,string,uint8)":
    "0x5c719d01bb88860dfca685ad3818d8b61a083caaf8f68abe6fa0fba4e40e33a9",
};

describe("signatures", () => {
  it("have the topics that the method prints, every one of them", () => {
    const used = new Set(
      Object.values(FAMILIES).flatMap((family) => family.map(({ signature }) => signature as string)),
    );
    expect([...used].sort()).toEqual(Object.keys(TOPICS).sort());
    for (const [signature, topic] of Object.entries(TOPICS)) expect(topicOf(signature), signature).toBe(topic);
  });
});

describe("a log", () => {
  const read = (family: FreezeFamily, entry: EvmLog) => decodeFreeze(entry, family);
  it("is read whether its contract indexes the address or not", () => {
    for (const entry of [log("Blacklisted(address)", [HOLDER], []), log("Blacklisted(address)", [], [HOLDER])])
      expect(read("circle", entry)).toMatchObject([{ address: HOLDER, amount: null }]);
    for (const entry of [
      log("DestroyedBlackFunds(address,uint256)", [], [HOLDER, "0x64"]),
      log("DestroyedBlackFunds(address,uint256)", [HOLDER], ["0x64"]),
    ])
      expect(read("tether", entry)).toMatchObject([{ address: HOLDER, amount: 100n, signature: { type: "destroy" } }]);
    for (const entry of [
      log("Freeze(address,address)", ["0xaa", HOLDER], []),
      log("Freeze(address,address)", ["0xaa"], [HOLDER]),
      log("Freeze(address,address)", [], ["0xaa", HOLDER]),
    ])
      expect(read("dual-index", entry)).toMatchObject([{ address: HOLDER }]);
  });

  it("of a list names every address with its place", () => {
    const other = "0x00000000000000000000000000000000000000bb";
    expect(read("batch", log("AccountsBlocked(address[])", [], ["0x20", "0x2", HOLDER, other]))).toMatchObject([
      { address: HOLDER, item: 0 },
      { address: other, item: 1 },
    ]);
    expect(read("batch", log("AccountsBlocked(address[])", [], ["0x20", "0x3", HOLDER]))).toBeNull();
  });

  it("that cannot be read is a complaint and never a guess; one of another kind is nothing", () => {
    expect(read("circle", log("Blacklisted(address)", [], []))).toBeNull();
    expect(read("circle", log("Blacklisted(address)", [`0x${"f".repeat(64)}`], []))).toBeNull();
    expect(read("tether", log("DestroyedBlackFunds(address,uint256)", [HOLDER], []))).toBeNull();
    expect(read("circle", log("Transfer(address,address,uint256)", [HOLDER, HOLDER], ["0x1"]))).toEqual([]);
    expect(read("tether", log("Blacklisted(address)", [HOLDER], []))).toEqual([]);
  });

  it("keeps amounts exact", () => {
    expect(tokensText(1_000_001n, 6)).toBe("1.000001");
    expect(tokensText(0n, 18)).toBe("0");
    expect(tokensText(123_456_789_012_345_678_901_234_567n, 18)).toBe("123456789.012345678901234567");
    expect(tokensText(5n, 0)).toBe("5");
  });
});

describe("cursors and what is frozen", () => {
  const event = (eventType: string, amount: string | null, address = "x") =>
    ({ coinId: "usdt-tether", chainId: "c", address, eventType, amount }) as never;

  it("never read a millisecond as a block", () => {
    const state = readFreezeState({ cursors: { k: { unit: "ms", value: 1_780_000_000_000, since: 1 } }, frozen: {} });
    expect(cursorOf(state, "k", "ms")?.value).toBe(1_780_000_000_000);
    expect(cursorOf(state, "k", "block")).toBeNull();
    expect(cursorOf(state, "toString", "ms")).toBeNull();
    expect(readFreezeState({ cursors: { k: 5 } })).toEqual({ cursors: {}, frozen: {} });
  });

  it("keep the balance of a released address apart from what is still frozen", () => {
    const frozen = withEvents({}, [
      event("blacklist", "100"),
      event("blacklist", null, "y"),
      event("unblacklist", null),
    ]);
    expect(frozenSums(frozen["usdt-tether"], 2)).toEqual({
      activeAddresses: 1,
      frozenUsd: 200,
      activeFrozenUsd: null,
      amountGaps: 1,
    });
    expect(frozenSums(withEvents(frozen, [event("destroy", "100")])["usdt-tether"], 2).frozenUsd).toBe(0);
    expect(frozenSums(undefined, 1)).toEqual({
      activeAddresses: 0,
      frozenUsd: null,
      activeFrozenUsd: null,
      amountGaps: 0,
    });
  });

  it("write Tron's addresses as people do", () => {
    expect(tronAddress("0xa614f803b6fd780986a42c78ec9c7f77e6ded13c")).toBe("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
    expect(tronAddress("41a614f803b6fd780986a42c78ec9c7f77e6ded13c")).toBe("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
    expect(tronAddress("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")).toBe("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
    expect(tronAddress("nonsense")).toBeNull();
  });
});

it("contracts are those of the registry, USDT on Tron among them, each with a family", () => {
  const contracts = freezeContracts(loadRegistry(`${HOME}/data`).coinById);
  expect(contracts.length).toBeGreaterThan(35);
  expect(new Set(contracts.map(({ coin }) => coin.id)).size).toBeGreaterThan(20);
  expect(contracts.find(({ chainId }) => chainId.startsWith("tron"))?.address).toMatch(/^T/);
});
