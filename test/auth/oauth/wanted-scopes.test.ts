import { expect, test } from "vitest";
import { WantedScopes } from "../../../auth/oauth/wanted-scopes.ts";

const missed = (scope: string) => ({ token: "t", challenge: `Bearer error="insufficient_scope", scope="${scope}"` });

/** Asks as a fetch does, and is granted it. @returns what was asked for */
const grantedTo = (scopes: WantedScopes, discovered: readonly string[], missing: string | null): string => {
  const added = scopes.missing(missing === null ? null : missed(missing));
  const asked = scopes.ask(discovered, added);
  scopes.granted(asked, added);
  return asked.join(" ");
};

test("scopes that are missed are added to those that are wanted, each once", () => {
  const scopes = new WantedScopes(undefined, "server");
  expect(grantedTo(scopes, ["a", "b"], null)).toBe("a b");
  expect(grantedTo(scopes, ["a", "b"], "b c")).toBe("a b c");
  expect(grantedTo(scopes, ["a"], "d")).toBe("a c d");
  expect(grantedTo(scopes, ["a"], null)).toBe("a c d");
});

test("where nobody wants any, none is asked for", () => {
  expect(new WantedScopes(undefined, "server").ask([], [])).toEqual([]);
});

test("what no token came with is not asked for later, and may be missed again", () => {
  const scopes = new WantedScopes(undefined, "server");
  grantedTo(scopes, ["a"], null);
  expect(scopes.ask(["a"], scopes.missing(missed("b")))).toEqual(["a", "b"]);
  expect(scopes.ask(["a"], [])).toEqual(["a"]);
  expect(scopes.missing(missed("b"))).toEqual(["b"]);
});

test("what the issuer does not give is remembered, and whoever misses more gets the rest", () => {
  const scopes = new WantedScopes(undefined, "server");
  grantedTo(scopes, ["a"], null);
  expect(scopes.denied(scopes.missing(missed("b")), 400)).toMatchObject({
    code: "AUTH_SCOPE",
    detail: { place: "server", why: "it wants scope b, which the issuer does not give", status: 400 },
  });
  expect(() => scopes.missing(missed("b"))).toThrow(expect.objectContaining({ code: "AUTH_SCOPE" }));
  expect(grantedTo(scopes, ["a"], "b c")).toBe("a c");
});

test("what the issuer takes back is not asked for any more", () => {
  const scopes = new WantedScopes(undefined, "server");
  expect(grantedTo(scopes, ["a"], "b")).toBe("a b");
  expect(scopes.denied([], 400)).toBeNull();
  expect(grantedTo(scopes, ["a"], null)).toBe("a");
});

test.each(["granted", "denied"] as const)("a server that wants one more each time, all %s, ends", (outcome) => {
  const scopes = new WantedScopes(undefined, "server");
  const widen = (): void => {
    for (let index = 0; index < 100; index++) {
      const added = scopes.missing(missed(`scope${index}`));
      if (outcome === "granted") scopes.granted(scopes.ask([], added), added);
      else scopes.denied(added, 400);
    }
  };
  expect(widen).toThrow(/reach as far/);
  expect(scopes.ask([], [])).toHaveLength(outcome === "granted" ? 50 : 0);
});

test("a refusal that says nothing of scopes changes nothing", () => {
  const scopes = new WantedScopes("fixed", "server");
  for (const challenge of [null, "", 'Bearer error="invalid_token", scope="x"']) {
    expect(scopes.missing({ token: "t", challenge })).toEqual([]);
  }
  expect(scopes.missing(null)).toEqual([]);
  expect(scopes.ask(["other"], [])).toEqual(["fixed"]);
});
