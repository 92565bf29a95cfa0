/**
 * Cross checks of the registry: what no single file can know about itself.
 *
 * A problem stops everything; a warning is printed and left to people. Doubts are warnings: facts left out or chosen while
 * nobody has settled them.
 */

import { detectionOf, validateBridgeDetection } from "../bridge-detection.ts";
import { isToken } from "../token-deployments.ts";
import { checkExits } from "./check-exits.ts";
import { feedKey } from "./feed-key.ts";
import { type Problem, showValue } from "./problems.ts";
import type { RegistryFiles } from "./read.ts";

export interface CheckReport {
  problems: Problem[];
  warnings: Problem[];
}

const UNIQUE = "a value that no other entry has";

/** Reports the second and later holder of a key. Keys are remembered across calls through `seen`. */
function once(
  seen: Map<string, string>,
  key: string,
  file: string,
  field: string,
  value: unknown,
  out: Problem[],
): void {
  const first = seen.get(key);
  if (first === undefined) seen.set(key, file);
  else
    out.push({
      file,
      field,
      expected: UNIQUE,
      came: `${showValue(value)}, also in ${first}`,
      example: "keep one of the two",
    });
}

function checkLists(files: RegistryFiles, out: Problem[]): void {
  const lists = [
    ["registry/chains.json", "id", files.chains.map((chain) => chain.id), true],
    ["registry/chains.json", "slug", files.chains.map((chain) => chain.slug), false],
    ["registry/upstreams.json", "id", files.upstreams.map((upstream) => upstream.id), true],
    ["registry/corrections.json", "id", files.corrections.map((correction) => correction.id), false],
  ] as const;
  for (const [file, field, values, sorted] of lists) {
    const seen = new Map<string, string>();
    values.forEach((value, i) => {
      once(seen, value, file, `[${i}].${field}`, value, out);
      const before = values[i - 1];
      if (!sorted || before === undefined || before <= value) return;
      const example = `move it above ${showValue(before)}`;
      out.push({ file, field: `[${i}].${field}`, expected: "entries sorted by id", came: showValue(value), example });
    });
  }
  const names = new Map<string, string>();
  files.chains.forEach((chain, i) => {
    for (const name of [chain.defillamaName, ...chain.defillamaAliases]) {
      if (name !== null) once(names, name, "registry/chains.json", `[${i}].defillamaName`, name, out);
    }
  });
}

/** Checks everything that was read. `today` is a UTC date, YYYY-MM-DD. */
export function crossCheck(files: RegistryFiles, today: string = new Date().toISOString().slice(0, 10)): CheckReport {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const chainById = new Map(files.chains.map((chain) => [chain.id, chain]));
  const coinIds = new Set(files.coins.map((entry) => entry.coin.id));
  const seen = new Map<string, string>();
  let tokens = 0;
  let tokensWithoutDecimals = 0;
  checkLists(files, problems);

  for (const { file, coin } of files.coins) {
    const problem = (field: string, expected: string, came: unknown, example: string) =>
      problems.push({ file, field, expected, came: showValue(came), example });
    const knownCoin = (field: string, id: string) => {
      if (!coinIds.has(id)) problem(field, "the id of a coin in registry/coins", id, '"usdc-circle"');
    };
    const knownChain = (field: string, id: string) => {
      if (!chainById.has(id)) problem(field, "a chain of registry/chains.json", id, '"eip155:1"');
    };

    if (file !== `registry/coins/${coin.id}.json`) {
      problem("id", "the file's own name without .json", coin.id, `rename the file to ${coin.id}.json`);
    }
    once(seen, `id ${coin.id}`, file, "id", coin.id, problems);
    for (const [name, value] of Object.entries(coin.ids)) {
      if (value !== null) once(seen, `${name} ${value}`, file, `ids.${name}`, value, problems);
    }
    for (const field of ["launchDate", "status.since"] as const) {
      const date = field === "launchDate" ? coin.launchDate : coin.status.since;
      if (date !== null && date > today) problem(field, `a day up to today, ${today}`, date, '"2023-02-01"');
    }
    if (coin.variantOf !== null) knownCoin("variantOf", coin.variantOf);
    if (coin.variantOf === coin.id) problem("variantOf", "another coin", coin.variantOf, "null");
    if (coin.peg.referenceId !== null) knownCoin("peg.referenceId", coin.peg.referenceId);

    coin.deployments.forEach((deployment, i) => {
      const at = `deployments[${i}]`;
      knownChain(`${at}.chain`, deployment.chain);
      if (deployment.bridgedFrom) knownChain(`${at}.bridgedFrom`, deployment.bridgedFrom);
      if (deployment.bridgedTo) knownChain(`${at}.bridgedTo`, deployment.bridgedTo);
      if (chainById.get(deployment.chain)?.kind === "evm" && !/^0x[0-9a-f]{40}$/.test(deployment.address)) {
        const example = '"0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"';
        problem(`${at}.address`, "0x and 40 hex digits in lower case", deployment.address, example);
      }
      // One holder may keep tokens of several coins, but a token belongs to one coin.
      const owner = isToken(deployment) ? "" : ` ${coin.id} ${deployment.role}`;
      once(
        seen,
        `${deployment.chain}/${deployment.address}${owner}`,
        file,
        `${at}.address`,
        deployment.address,
        problems,
      );
      if (isToken(deployment)) tokens += 1;
      if (isToken(deployment) && deployment.decimals === null) tokensWithoutDecimals += 1;
    });

    coin.priceFeeds.forEach((feed, i) => {
      const at = `priceFeeds[${i}]`;
      if ("chain" in feed) knownChain(`${at}.chain`, feed.chain);
      if ("parent" in feed) knownCoin(`${at}.parent`, feed.parent);
      if (feed.kind === "curve-pool" && feed.via !== null) knownCoin(`${at}.via`, feed.via);
      if (feed.kind === "curve-pool" && feed.reference !== null) knownCoin(`${at}.reference`, feed.reference);
      once(seen, feedKey(feed, coin.id), file, at, feedKey(feed, coin.id), problems);
      if (feed.doubt === null) return;
      const example = "settle it and set doubt to null, or remove the feed";
      warnings.push({
        file,
        field: at,
        expected: "a feed without doubt",
        came: `${feed.kind}: ${feed.doubt}`,
        example,
      });
    });
    const known = { today, isCoin: (id: string) => coinIds.has(id), isChain: (id: string) => chainById.has(id) };
    checkExits(coin, known, problem);
    coin.mintBurnContracts.forEach((contract, i) => {
      const at = `mintBurnContracts[${i}]`;
      knownChain(`${at}.chain`, contract.chain);
      if (contract.bridge !== null) {
        const check = validateBridgeDetection(detectionOf(contract.bridge));
        if (!check.valid)
          warnings.push({
            file,
            field: `${at}.bridge`,
            expected: `a well-formed ${check.kind} everywhere`,
            came: showValue(contract.bridge),
            example: '"0x" and 40 hex digits for an address, 64 for a topic, 8 for a selector',
          });
      }
      if (contract.address !== null) {
        const key = `mint-burn ${contract.chain}/${contract.address}`;
        once(seen, key, file, `${at}.address`, contract.address, problems);
        return;
      }
      const example = "the contract's address with its source";
      warnings.push({ file, field: `${at}.address`, expected: "a known address", came: "null: not read", example });
    });
  }

  for (const [list, entries] of [
    ["corrections", files.corrections],
    ["doubts", files.doubts],
  ] as const) {
    entries.forEach(({ coinId }, i) => {
      if (coinId === null || coinIds.has(coinId)) return;
      const field = `${list}[${i}].coinId`;
      problems.push({
        file: `registry/${list}.json`,
        field,
        expected: "a coin's id or null",
        came: showValue(coinId),
        example: "null",
      });
    });
  }
  files.doubts.forEach((doubt, i) => {
    const came = `${doubt.coinId ?? "no coin"}: ${doubt.field} ${doubt.value} (${doubt.why})`;
    const example = "settle it, put the value in the coin's file, and remove the doubt";
    warnings.push({ file: "registry/doubts.json", field: `doubts[${i}]`, expected: "a settled fact", came, example });
  });
  if (tokensWithoutDecimals > 0) {
    const came = `${tokensWithoutDecimals} of ${tokens} token addresses without decimals`;
    const field = "deployments[].decimals";
    warnings.push({ file: "registry/coins", field, expected: "decimals as the contract answers", came, example: "6" });
  }
  return { problems, warnings };
}
