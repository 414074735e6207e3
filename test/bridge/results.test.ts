import { expect, test } from "vitest";
import { resultsOf } from "../../bridge/results.ts";

test.each([
  ["tools/call", null, "kept", "kept", true],
  ["tools/call", null, "dropped", "dropped", false],
  ["resources/read", null, "hashed", "hashed", false],
  ["prompts/get", true, "dropped", "kept", true],
  ["tools/call", false, "kept", "dropped", false],
  ["tools/call", "hash", "kept", "hashed", false],
  // The pages of a list are joined, and what is small is wanted by the methods that ask for it.
  ["tools/list", null, "dropped", "kept", true],
  ["tools/list", false, "kept", "kept", false],
  ["completion/complete", null, "hashed", "kept", true],
] as const)("of %s with body %s where the server's results are %s: %s", (method, body, normally, reading, isWanted) => {
  expect(resultsOf({ method, body }, normally)).toEqual({ reading, isWanted });
});
