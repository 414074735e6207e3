// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation under test
import { join } from "node:path";
import { expect, test } from "vitest";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { ConfigError } from "../../config/config-error.ts";
import { describeServers, describe as told } from "../../config/describe.ts";
import { loadSettings } from "../../config/load-settings.ts";
import type { Settings } from "../../config/settings.ts";
import { temporaryProject } from "./temporary-project.ts";

const load = (server: string, env: Record<string, string> = {}): Settings & { readonly at: string } => {
  const folder = temporaryProject({ "loadtest.yaml": `servers:\n  a: ${server}\n` });
  return { ...loadSettings({ cwd: folder, project: folder, env }, RUN_PARTS), at: folder };
};

const faultsOf = (server: string): readonly string[] => {
  try {
    load(server);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

test("a process needs no url, and runs in the file's folder", () => {
  const { servers, at } = load(
    "{ transport: stdio, stdio: { command: my-server, args: [--quiet], env: { LEVEL: warn } } }",
  );
  expect(servers.a).toMatchObject({
    url: "stdio:a",
    transport: "stdio",
    stdio: { command: "my-server", args: ["--quiet"], env: { LEVEL: "warn" }, cwd: at },
  });
});

test("another folder is taken from the file's", () => {
  const { servers, at } = load("{ transport: stdio, stdio: { command: x, cwd: deep/er } }");
  expect(servers.a?.stdio?.cwd).toBe(join(at, "deep/er"));
});

test.each([
  ["no process", "{ transport: stdio }", "must be a map with the key command"],
  ["a process with a url", "{ transport: stdio, url: http://h/, stdio: { command: x } }", "url: has no meaning with"],
  ["a process that is none", "{ url: http://h/, stdio: { command: x } }", "stdio: is for transport: stdio"],
  ["a credential", "{ transport: stdio, stdio: { command: x }, auth: { strategy: bearer, env: T } }", "stdio.env"],
  ["a header", "{ transport: stdio, stdio: { command: x }, headers: { X-A: b } }", "headers: have no meaning"],
  ["sse of an era that has none", "{ transport: sse, protocol: 2026-07-28, url: http://h/ }", "streamable-http alone"],
  ["sse without a url", "{ transport: sse }", "url: is missing, must be an http or https URL"],
  ["a secret argument", "{ transport: stdio, stdio: { command: x, args: ['--token=abcdef'] } }", "in plain sight"],
  ["a secret variable", "{ transport: stdio, stdio: { command: x, env: { API_KEY: abc } } }", "in plain sight"],
  ["a proxy's password", "{ url: http://h/, connections: { proxy: 'http://me:hunter2@p:1' } }", "a password in plain"],
  ["no proxy", "{ url: http://h/, connections: { proxy: 'socks5://p:1' } }", "must be none, env, or a URL"],
  ["a proxy with a path", "{ url: http://h/, connections: { proxy: 'http://p:1/x' } }", "address of a proxy alone"],
])("%s is refused", (_what, server, expected) => {
  const faults = faultsOf(server);
  expect(faults.join("\n")).toContain(expected);
  expect(faults.join("\n")).not.toMatch(/hunter2|abcdef/);
});

test("neither a proxy's password nor a process's environment is told to anybody", () => {
  const env = { PASSWORD: "hunter2-proxy", API_KEY: "hunter2-child" };
  const settings = load(
    "{ url: https://h.example/, connections: { proxy: 'http://me:${PASSWORD}@p.example:1' } }",
    env,
  );
  const child = load("{ transport: stdio, stdio: { command: x, env: { API_KEY: '${API_KEY}' } } }", env);
  expect(settings.carriedSecrets).toContain("hunter2-proxy");
  expect(child.carriedSecrets).toContain("hunter2-child");
  expect(settings.servers.a?.connections.proxy).toContain("hunter2-proxy");
  const all = [settings, child].flatMap((each) => [describeServers(each), told(each, () => null)]);
  expect(JSON.stringify(all)).not.toContain("hunter2");
  expect(describeServers(settings).a).toMatchObject({ connections: { proxy: "http://p.example:1" } });
  expect(describeServers(child).a).toMatchObject({
    url: "stdio:a",
    targetClass: "loopback",
    stdio: { command: "x", env: ["API_KEY"] },
  });
});
