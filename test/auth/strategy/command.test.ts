import { delimiter } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { AuthError } from "../../../auth/auth-error.ts";
import { authSchema } from "../../../auth/auth-schema.ts";
import { createCredentials } from "../../../auth/credentials.ts";
import { missingCredential } from "../../../auth/missing-credential.ts";
import type { World } from "../../../auth/world.ts";
import type { AuthSettings } from "../../../config/settings.ts";
import { FakeWorld, surroundingsIn } from "../fake-world.ts";

const settings = (over: object = {}): AuthSettings =>
  z.parse(authSchema, { strategy: "command", run: ["get-token", "--for", "mcp"], ...over });

const VARIABLES: Record<string, string> = {
  PATH: ["/bin", "/opt/bin"].join(delimiter),
  HOME: "/home/me",
  MCP_CLIENT_SECRET: "hunter2",
  CONFIG_DIR: "/etc/mcp",
  GITHUB_TOKEN: "not for it",
};

const withProgram = (run: World["run"], over: object = {}) => {
  const world = new FakeWorld();
  const learn = vi.fn();
  const spied = vi.fn(run);
  const surroundings = surroundingsIn(world, { run: spied, learn, lookup: (name) => VARIABLES[name], folder: "/work" });
  const credentials = createCredentials(settings(over), surroundings);
  return { world, learn, run: spied, credentials, credential: credentials.of(0) };
};

test("the program's output is the token, and it is run again before that ends", async () => {
  let runs = 0;
  const { credential, world } = withProgram(async () => `{"token":"t${++runs}","expires_in":20}`);
  expect(await credential.authorization()).toBe("Bearer t1");
  await world.advance(12_000);
  expect(credential.authorization()).toBe("Bearer t2");
});

test("the program is run as it is written, in the folder of the settings, with a limit", async () => {
  const { credential, run } = withProgram(async () => "t", { timeout: "90s" });
  await credential.authorization();
  expect(run.mock.calls[0]?.[0]).toMatchObject({
    command: ["get-token", "--for", "mcp"],
    cwd: "/work",
    limitMs: 90_000,
  });
});

test("the program gets PATH, HOME and what is named, and nothing else; a secret among them is known to the redactor", async () => {
  const { credential, run, learn } = withProgram(async () => "t", {
    env: ["MCP_CLIENT_SECRET", "CONFIG_DIR", "UNSET"],
  });
  await credential.authorization();
  const { PATH, HOME, MCP_CLIENT_SECRET, CONFIG_DIR } = VARIABLES;
  expect(run.mock.calls[0]?.[0].env).toEqual({ PATH, HOME, MCP_CLIENT_SECRET, CONFIG_DIR });
  expect(learn).toHaveBeenCalledWith("hunter2");
  expect(learn).not.toHaveBeenCalledWith("/etc/mcp");
});

test("a program that fails is the credential's error, and is not run for each call", async () => {
  const { credential, run } = withProgram(() =>
    Promise.reject(new AuthError("AUTH_COMMAND", { place: "get-token", why: "exit code 1" })),
  );
  await expect(credential.authorization()).rejects.toMatchObject({ code: "AUTH_COMMAND" });
  for (let call = 0; call < 100; call++) expect(() => credential.authorization()).toThrow("the program for the token");
  expect(run).toHaveBeenCalledTimes(1);
});

test("a program that is running is ended when the credentials are closed", async () => {
  const { credentials, credential, run } = withProgram(() => new Promise(() => undefined));
  void credential.authorization();
  const signal = run.mock.calls[0]?.[0].signal;
  expect(signal?.aborted).toBe(false);
  credentials.close();
  expect(signal?.aborted).toBe(true);
});

describe("a program", () => {
  const missing = (run: string[], files: Record<string, string | null>): string | null =>
    missingCredential(
      { auth: settings({ run }) },
      { folder: "/" },
      (name) => VARIABLES[name],
      new FakeWorld(files).readFile,
    );

  test.each<[string, string, Record<string, string | null>]>([
    ["in a folder of PATH", "get-token", { "/opt/bin/get-token": "#!/bin/sh" }],
    ["that may be run but not read", "get-token", { "/bin/get-token": null }],
    ["with its path", "/opt/my/get-token", { "/opt/my/get-token": "" }],
    ["beside the settings", "./get-token", { "./get-token": "" }],
  ])("%s is there", (_name, program, files) => {
    expect(missing([program], files)).toBeNull();
  });

  test.each(["get-token", "/opt/my/get-token", "./get-token"])("%s that is not there is named", (program) => {
    expect(missing([program], { "/elsewhere/get-token": "" })).toBe(program);
  });
});

test.each([
  ["one text, which only a shell could take apart", { run: "get-token --for mcp" }, "must be a list"],
  ["no program", { run: [] }, "must be a list"],
  ["an empty program", { run: [""] }, "must be a list"],
  ["more time than five minutes", { timeout: "6m" }, "must be at most 5m"],
  ["a variable with its value", { env: ["A=hunter2"] }, "must be a list of names"],
])("%s is refused", (_name, over, rule) => {
  const result = authSchema.safeParse({ strategy: "command", run: ["get-token"], ...over });
  expect(JSON.stringify(result.error?.issues)).toContain(rule);
});
