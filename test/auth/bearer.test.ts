import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AuthError } from "../../auth/auth-error.ts";
import { createCredentials } from "../../auth/credentials.ts";
import { FakeWorld, surroundingsIn } from "./fake-world.ts";

const fromEnv = (value: string | undefined, optional = false) =>
  createCredentials(
    { strategy: "bearer", env: "T", optional },
    surroundingsIn(new FakeWorld(), { lookup: (name) => (name === "T" ? value : undefined) }),
  ).of(0);

const fromFile = (world: FakeWorld, optional = false) =>
  createCredentials({ strategy: "bearer", file: "/t", optional }, surroundingsIn(world)).of(0);

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
  ])("%j is sent as %j", async (text, header) => {
    expect(await fromEnv(text).authorization()).toBe(header);
    expect(await fromFile(new FakeWorld({ "/t": text })).authorization()).toBe(header);
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

  test("never shows when its strategy is printed", async () => {
    const strategy = fromEnv("hunter2");
    expect(await strategy.authorization()).toMatch("Bearer");
    expect(inspect(strategy, { depth: null, showHidden: true }) + JSON.stringify(strategy)).not.toContain("hunter2");
  });
});

describe("a token that is not there", () => {
  test.each([[undefined], [""], [" \n"], ["Bearer "]])("(%j) fails, and names the variable", async (text) => {
    const error = await failure(() => fromEnv(text).authorization());
    expect(error).toMatchObject({ code: "AUTH_MISSING", detail: { place: "T" } });
  });

  test("is fine when it is optional: nothing is sent", async () => {
    expect(await fromEnv(undefined, true).authorization()).toBeNull();
    expect(await fromFile(new FakeWorld(), true).authorization()).toBeNull();
  });

  test("a file that cannot be read is another failure than one that is not there", async () => {
    expect((await failure(() => fromFile(new FakeWorld()).authorization())).code).toBe("AUTH_MISSING");
    const unreadable = await failure(() => fromFile(new FakeWorld({ "/t": null }), true).authorization());
    expect(unreadable).toMatchObject({ code: "AUTH_UNREADABLE", detail: { place: "/t" }, cause: { code: "EACCES" } });
  });
});

describe("after a 401", () => {
  test("a variable gives nothing new", async () => {
    const credential = fromEnv("a");
    expect(await credential.rejected(await credential.authorization(), null)).toBe(false);
  });

  test("a file is read again, and one more try is worth it only if it changed", async () => {
    const world = new FakeWorld({ "/t": "old" });
    const credential = fromFile(world);
    expect(await credential.authorization()).toBe("Bearer old");
    world.files["/t"] = "new";
    expect(await credential.rejected("Bearer old", null)).toBe(true);
    expect(await credential.authorization()).toBe("Bearer new");
  });
});

test("the file is read once for any number of requests, also when it is optional and not there", async () => {
  const world = new FakeWorld({ "/t": "a" });
  const present = fromFile(world);
  const settings = { strategy: "bearer", file: "/none", optional: true };
  const missing = createCredentials(settings, surroundingsIn(world)).of(0);
  for (let request = 0; request < 100; request++) {
    expect(await present.authorization()).toBe("Bearer a");
    expect(await missing.authorization()).toBeNull();
  }
  expect(world.reads).toBe(2);
});
