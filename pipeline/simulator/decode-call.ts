/** Calls to simulated contracts, by selector: each ABI is hashed once, not with every call. */
import {
  type Abi,
  type AbiFunction,
  type DecodeFunctionDataReturnType,
  decodeAbiParameters,
  type Hex,
  toFunctionSelector,
} from "viem";

/** "0x" and four bytes. */
const SELECTOR_CHARS = 10;

const functionIndexes = new WeakMap<Abi, Map<string, AbiFunction>>();

/** Functions of an ABI by selector. */
function functionsOf(abi: Abi): Map<string, AbiFunction> {
  let index = functionIndexes.get(abi);
  if (index === undefined) {
    index = new Map(abi.flatMap((item) => (item.type === "function" ? [[toFunctionSelector(item), item]] : [])));
    functionIndexes.set(abi, index);
  }
  return index;
}

/** Decodes a call, or null for a selector the contract does not have. */
export function decodeCall<const ContractAbi extends Abi>(abi: ContractAbi, data: Hex) {
  const item = functionsOf(abi).get(data.slice(0, SELECTOR_CHARS).toLowerCase());
  if (item === undefined) return null;
  try {
    const args =
      item.inputs.length > 0 ? decodeAbiParameters(item.inputs, `0x${data.slice(SELECTOR_CHARS)}`) : undefined;
    return { functionName: item.name, args } as DecodeFunctionDataReturnType<ContractAbi>;
  } catch {
    return null;
  }
}
