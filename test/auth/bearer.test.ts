import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AuthError } from "../../auth/auth-error.ts";
import { createAuthStrategy } from "../../auth/strategy.ts";
import type { AuthSettings } from "../../config/settings.ts";
import { FakeWorld } from "./fake-world.ts";

const fromEnv = (value: string | undefined, optional = false) =>
  createAuthStrategy(
    { strategy: "bearer", env: "T", optional },
    (name) => (name === "T" ? value : undefined),
    new FakeWorld(),
  );

const fromFile = (world: FakeWorld, optional = false) =>
  createAuthStrategy({ strategy: "bearer", file: "/t", optional }, () => undefined, world);

const failure = async (attempt: () => unknown): Promise<AuthError> => {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
  throw new Error("there was a credential");
};

describe("the token", () => {
  test.each([
    ["abc", "Bearer abc"],
    ["  abc\n", "Bearer abc"],
    ["Bearer abc", "Bearer abc"],
    ["bearer   abc\r\n", "Bearer abc"],
    ["bearerabc", "Bearer bearerabc"],
  ])("%j is sent as %j", (text, header) => {
    expect(fromEnv(text).authorization()).toBe(header);
    expect(fromFile(new FakeWorld({ "/t": text })).authorization()).toBe(header);
  });

  test.each(["a b", "a\nb", "a\r\nX-Injected: 1", "a\u0000b", "a\u007fb", "tökn", "a\tb"])(
    "%j is refused: it would break out of the header",
    async (text) => {
      const error = await failure(() => fromEnv(text).authorization());
      expect(error).toMatchObject({ code: "AUTH_UNUSABLE", detail: { place: "T" } });
    },
  );

  test("never shows in an error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        const token = `zq9 x${text}`;
        const error = await failure(() => fromEnv(token).authorization());
        expect(inspect(error, { depth: null })).not.toContain("zq9");
      }),
    );
  });

  test("never shows when its strategy is printed", () => {
    const strategy = fromEnv("hunter2");
    expect(strategy.authorization()).toMatch("Bearer");
    expect(inspect(strategy, { depth: null, showHidden: true }) + JSON.stringify(strategy)).not.toContain("hunter2");
  });
});

describe("a token that is not there", () => {
  test.each([[undefined], [""], [" \n"], ["Bearer "]])("(%j) fails, and names the variable", async (text) => {
    const error = await failure(() => fromEnv(text).authorization());
    expect(error).toMatchObject({ code: "AUTH_MISSING", detail: { place: "T" } });
  });

  test("is fine when it is optional: nothing is sent", () => {
    expect(fromEnv(undefined, true).authorization()).toBeNull();
    expect(fromFile(new FakeWorld(), true).authorization()).toBeNull();
  });

  test("a file that cannot be read is another failure than one that is not there", async () => {
    expect((await failure(() => fromFile(new FakeWorld()).authorization())).code).toBe("AUTH_MISSING");
    const unreadable = await failure(() => fromFile(new FakeWorld({ "/t": null }), true).authorization());
    expect(unreadable).toMatchObject({ code: "AUTH_UNREADABLE", detail: { place: "/t" }, cause: { code: "EACCES" } });
  });
});

describe("after a 401", () => {
  test("a variable gives nothing new", () => {
    const strategy = fromEnv("a");
    expect(strategy.rejected(strategy.authorization() as string, null)).toBe(false);
  });

  test("a file is read again, and one more try is worth it only if it changed", () => {
    const world = new FakeWorld({ "/t": "old" });
    const strategy = fromFile(world);
    expect(strategy.authorization()).toBe("Bearer old");
    expect(strategy.rejected("Bearer old", null)).toBe(false);
    world.files["/t"] = "new";
    expect(strategy.rejected("Bearer old", null)).toBe(true);
    expect(strategy.authorization()).toBe("Bearer new");
  });

  test("a thousand users that report the same refusal read the file once", () => {
    const world = new FakeWorld({ "/t": "old" });
    const strategy = fromFile(world);
    expect(strategy.authorization()).toMatch("Bearer");
    world.files["/t"] = "new";
    world.reads = 0;
    for (let user = 0; user < 1000; user++) expect(strategy.rejected("Bearer old", null)).toBe(true);
    expect(world.reads).toBe(1);
  });
});

test("the file is read once for any number of requests, also when it is optional and not there", () => {
  const world = new FakeWorld({ "/t": "a" });
  const present = fromFile(world);
  const settings: AuthSettings = { strategy: "bearer", file: "/none", optional: true };
  const missing = createAuthStrategy(settings, () => undefined, world);
  for (let request = 0; request < 100; request++) {
    expect(present.authorization()).toBe("Bearer a");
    expect(missing.authorization()).toBeNull();
  }
  expect(world.reads).toBe(2);
});
