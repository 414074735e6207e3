import { expect, test } from "vitest";
import { WantedScopes } from "../../../auth/oauth/wanted-scopes.ts";

const missing = (scope: string) => ({ token: "t", challenge: `Bearer error="insufficient_scope", scope="${scope}"` });

test("scopes that are missed are added to those that are wanted, each once", () => {
  const scopes = new WantedScopes(undefined, "server");
  expect(scopes.ask(["a", "b"])).toBe("a b");
  scopes.widen(missing("b c"));
  expect(scopes.ask(["a", "b"])).toBe("a b c");
  scopes.widen(missing("d"));
  expect(scopes.ask(["a"])).toBe("a c d");
});

test("where nobody wants any, none is asked for", () => {
  expect(new WantedScopes(undefined, "server").ask([])).toBeNull();
});

test("a server that wants one more each time is not followed for ever", () => {
  const scopes = new WantedScopes(undefined, "server");
  const widen = (): void => {
    for (let index = 0; index < 100; index++) {
      scopes.ask([]);
      scopes.widen(missing(`scope${index}`));
    }
  };
  expect(widen).toThrow(expect.objectContaining({ code: "AUTH_SCOPE" }));
  expect(scopes.ask([])?.split(" ")).toHaveLength(50);
});

test("a refusal that says nothing of scopes changes nothing", () => {
  const scopes = new WantedScopes("fixed", "server");
  for (const challenge of [null, "", 'Bearer error="invalid_token", scope="x"'])
    scopes.widen({ token: "t", challenge });
  scopes.widen(null);
  expect(scopes.ask(["other"])).toBe("fixed");
});
