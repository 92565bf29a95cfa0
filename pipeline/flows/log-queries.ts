/**
 * What a node is asked of many contracts: one question a kind of filter.
 *
 * Mints and burns differ in the place of the zero address, so a chain takes two, and a third where contracts have events of their own.
 */
import type { FlowContract } from "./contracts.ts";
import { topicArray } from "./event-definitions.ts";

export interface LogQuery {
  addresses: string[];
  topics: (string[] | null)[];
}

/** Contracts grouped by the place of their filter: their topics by OR, their addresses in one list. */
export function logQueries(contracts: readonly FlowContract[]): LogQuery[] {
  const queries = new Map<string, { addresses: Set<string>; hashes: Set<string>; filter: (string | null)[] }>();
  for (const { address, definitions } of contracts) {
    for (const { topicHash, filterTopic } of definitions) {
      const filter = filterTopic === undefined ? [] : topicArray([filterTopic]).slice(1);
      const key = JSON.stringify(filter);
      const query = queries.get(key) ?? { addresses: new Set(), hashes: new Set(), filter };
      query.addresses.add(address);
      query.hashes.add(topicHash);
      queries.set(key, query);
    }
  }
  return [...queries.values()].map(({ addresses, hashes, filter }) => ({
    addresses: [...addresses].sort(),
    topics: [[...hashes].sort(), ...filter.map((topic) => (topic === null ? null : [topic]))],
  }));
}
