/**
 * What a bridge looks like on chain: fingerprints by protocol, and the check of a configured set.
 *
 * CCTP pairs a v2 router with the v1 topic and selectors, as the method specifies; a set with more topics is a change of
 * configuration, not of code.
 */
import type { MintBurnBridge } from "./schema/coin.ts";

export type BridgeProtocol = MintBurnBridge["protocol"];

export interface BridgeDetection {
  protocol: BridgeProtocol;
  bridgeSignalTopics: readonly string[];
  bridgeSignalSelectors: readonly string[];
  /** CCIP and CCTP. */
  knownBridgePoolAddresses: readonly string[];
  knownBridgeRouterAddresses: readonly string[];
  /** LayerZero. */
  knownBridgeContractAddresses: readonly string[];
  bridgeSignalEmitterAddresses: readonly string[];
}

interface Fingerprint {
  /** Routers of pool protocols, emitters of LayerZero. */
  addresses: readonly string[];
  topics: readonly string[];
  selectors: readonly string[];
}

export const FINGERPRINTS: Readonly<Record<BridgeProtocol, Fingerprint>> = {
  ccip: {
    addresses: ["0x80226fc0ee2b096224eeac085bb9a8cba1146f7d"],
    topics: ["0xd0c3c799bf9e2639de44391e7f524d229b2b55f5b1ea94b2bf7da42f7243dddd"],
    selectors: ["0x96f4e9f9"],
  },
  cctp: {
    addresses: ["0x28b5a0e9c621a5badaa536219b3a228c8168cf5d"],
    topics: ["0x2fa9ca894982930190727e75500a97d8dc500233a5065e0f3126c48fbe0343c0"],
    selectors: ["0x6fd3504e", "0xf856ddb6"],
  },
  "layerzero-oft": {
    addresses: ["0x1a44076050125825900e736c501f859c50fe728c"],
    topics: [
      "0x1ab700d4ced0c005b164c0f789fd09fcbb0156d4c2041b8a3bfbcd961cd1567f",
      "0x3cd5e48f9730b129dc7550f0fcea9c767b7be37837cd10e55eb35f734f4bca04",
    ],
    selectors: ["0xc7c7f5b3", "0xcfc32570", "0x7cd44734"],
  },
};

/** The detection of a contract: the protocol's fingerprint with the contract's own pools or bridge contracts. */
export function detectionOf(bridge: MintBurnBridge): BridgeDetection {
  const { addresses, topics, selectors } = FINGERPRINTS[bridge.protocol];
  const isLayerZero = bridge.protocol === "layerzero-oft";
  return {
    protocol: bridge.protocol,
    bridgeSignalTopics: [...topics, ...(bridge.extraTopics ?? [])],
    bridgeSignalSelectors: [...selectors, ...(bridge.extraSelectors ?? [])],
    knownBridgePoolAddresses: isLayerZero ? [] : bridge.addresses,
    knownBridgeRouterAddresses: isLayerZero ? [] : addresses,
    knownBridgeContractAddresses: isLayerZero ? bridge.addresses : [],
    bridgeSignalEmitterAddresses: isLayerZero ? addresses : [],
  };
}

export type DetectionCheck = { valid: true } | { valid: false; kind: "address" | "topic" | "selector" };

/** A malformed set is reported and then used as it is: what cannot match matches nothing. */
export function validateBridgeDetection(detection: BridgeDetection): DetectionCheck {
  const addresses = [
    ...detection.knownBridgePoolAddresses,
    ...detection.knownBridgeRouterAddresses,
    ...detection.knownBridgeContractAddresses,
    ...detection.bridgeSignalEmitterAddresses,
  ];
  if (!addresses.every((address) => /^0x[0-9a-fA-F]{40}$/.test(address))) return { valid: false, kind: "address" };
  if (!detection.bridgeSignalTopics.every((topic) => /^0x[0-9a-fA-F]{64}$/.test(topic)))
    return { valid: false, kind: "topic" };
  if (!detection.bridgeSignalSelectors.every((selector) => /^0x[0-9a-fA-F]{8}$/.test(selector)))
    return { valid: false, kind: "selector" };
  return { valid: true };
}
