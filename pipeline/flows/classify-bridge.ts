/**
 * Bridge transfers among mints and burns: tokens that only change their chain are no flow.
 *
 * A transaction that carries a protocol's signal makes all of its rows bridge transfers. A burn at a known pool without the
 * signal, or whose transaction could not be read, is left for people to review and is not counted meanwhile.
 */

import type { BridgeDetection } from "../bridge-detection.ts";
import type { FlowEvent } from "../schema/flows.ts";

/** What is known of a transaction. */
export interface TxContext {
  /** Whom it called. */
  to: string | null;
  /** First four bytes of its input; null when not known. */
  inputSelector: string | null;
  /** Every topic of its receipt. */
  logTopics: readonly string[];
  /** Every address that emitted. */
  logAddresses: readonly string[];
}

export type Classified = Pick<FlowEvent, "flowType" | "burnType" | "burnReviewReason">;
type Classifiable = Pick<FlowEvent, "txHash" | "direction" | "counterparty" | "flowType">;

const lowerSet = (items: readonly string[]): Set<string> => new Set(items.map((item) => item.toLowerCase()));

/** Whether a transaction is a bridge's; compares in lower case. */
export type BridgeTest = (context: TxContext) => boolean;

export function bridgeTest(detection: BridgeDetection): BridgeTest {
  const topics = lowerSet(detection.bridgeSignalTopics);
  const selectors = lowerSet(detection.bridgeSignalSelectors);
  const routers = lowerSet(detection.knownBridgeRouterAddresses);
  const contracts = lowerSet(detection.knownBridgeContractAddresses);
  const emitters = lowerSet(detection.bridgeSignalEmitterAddresses);
  const has = (set: Set<string>, item: string | null) => item !== null && set.has(item.toLowerCase());
  return ({ to, inputSelector, logTopics, logAddresses }) => {
    const topicHit = logTopics.some((topic) => has(topics, topic));
    const selectorHit = has(selectors, inputSelector);
    if (detection.protocol !== "layerzero-oft") return topicHit || (has(routers, to) && selectorHit);
    const touches = has(contracts, to) || logAddresses.some((address) => has(contracts, address));
    const emitterHit = emitters.size === 0 || logAddresses.some((address) => has(emitters, address));
    return (
      (touches && topicHit && emitterHit) || (touches && selectorHit) || (topicHit && emitterHit && emitters.size > 0)
    );
  };
}

/** Classification of every row, in order. `contexts` gives null for a transaction that could not be read. */
export function classifyBridge(
  rows: readonly Classifiable[],
  detection: BridgeDetection | null,
  contexts: (txHash: string) => TxContext | null,
): Classified[] {
  const test = detection === null ? null : bridgeTest(detection);
  const pools = lowerSet(detection?.knownBridgePoolAddresses ?? []);
  return rows.map(({ txHash, direction, counterparty, flowType }) => {
    const isBurn = direction === "burn";
    const plain: Classified = { flowType, burnType: isBurn ? "effective_burn" : null, burnReviewReason: null };
    if (test === null) return plain;
    const context = contexts(txHash);
    if (context !== null && test(context))
      return { flowType: "bridge_transfer", burnType: isBurn ? "bridge_burn" : null, burnReviewReason: null };
    if (!isBurn || counterparty === null || !pools.has(counterparty.toLowerCase())) return plain;
    return {
      flowType,
      burnType: "review_required",
      burnReviewReason: context === null ? "tx-context-unavailable" : "known-bridge-pool-without-bridge-signal",
    };
  });
}
