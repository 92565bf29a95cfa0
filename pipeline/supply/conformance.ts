/** Cases of `vectors/pricing.json` that the supply lane answers. */
import { z } from "zod";
import { AnyNumber, listOf, MaybeNumber } from "../conformance/input.ts";
import { onchainSupply } from "./onchain-supply.ts";

const OnchainInput = z.object({
  deployments: listOf(z.object({ supply: MaybeNumber, supported: z.boolean().default(false) })),
  price: MaybeNumber,
  exclusions: z.array(AnyNumber.nullable()).nullish(),
});

export const conformance: Record<string, (input: unknown) => unknown> = {
  onchainSupply(input) {
    const { deployments, price, exclusions } = OnchainInput.parse(input);
    return onchainSupply(deployments, price, exclusions ?? []);
  },
};
