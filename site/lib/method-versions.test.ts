import { expect, it } from "vitest";
import { METHODOLOGY_VERSION } from "../../pipeline/version.ts";
import { METHOD_VERSIONS } from "./method-versions.ts";

it("the history of the method begins with the version in force", () => {
  expect(METHOD_VERSIONS[0]?.version, "a raised METHODOLOGY_VERSION needs its entry in method-versions.ts").toBe(
    METHODOLOGY_VERSION,
  );
});
