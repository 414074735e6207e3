import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CommandError } from "../../../cli/command-error.ts";
import { readHistory } from "../../../cli/probe/history-file.ts";
import { probe } from "../../../cli/probe/probe.ts";
import { projectFor, surroundings } from "./surroundings.ts";

const SEARCH = { tool: "search", args: '{"query":"x"}' };

describe("one probe", () => {
  test("of a server is a session with its steps, and a line of its history", async () => {
    const { config, history, output } = await surroundings();
    expect(await probe({ servers: [], config, once: true, ...SEARCH }, output)).toBe(0);
    const { probes } = readHistory(history);
    expect(probes).toHaveLength(1);
    const [{ isOk, initializeMs = 0, listMs = 0, callMs = 0 } = { isOk: false }] = probes;
    expect({ isOk, hasTimes: Math.min(initializeMs, listMs, callMs) > 0 }).toEqual({ isOk: true, hasTimes: true });
  });

  test("of a server that is not there is a failure with its reason, and ends with 4", async () => {
    const { config, history, output, printed } = projectFor("http://127.0.0.1:1/mcp");
    expect(await probe({ servers: ["learn"], config, once: true, json: true }, output)).toBe(4);
    expect(readHistory(history).probes).toMatchObject([{ isOk: false, reason: "connect" }]);
    expect(JSON.parse(printed.join(""))).toMatchObject({ version: 1, servers: [{ server: "learn", failed: 1 }] });
  });

  test("with a tool that is not listed fails, and says why", async () => {
    const { config, history, output } = await surroundings();
    await probe({ servers: [], config, once: true, tool: "absent" }, output);
    expect(readHistory(history).probes).toMatchObject([{ isOk: false, reason: "tool-not-listed" }]);
  });
});

describe("what was typed wrongly is said before anything runs", () => {
  test.each([
    [{ every: "fast" }, "--every fast is no time"],
    [{ every: "100ms" }, "--every is too short"],
    [{ every: "600h" }, "--every is too long"],
    [{ for: "long" }, "--for long is no time"],
    [{ tool: "search", args: "[1]" }, "--args is no JSON object"],
    [{ args: "{}" }, "name it with --tool"],
    [{ servers: ["laern"] }, "did you mean learn?"],
  ])("%j", async (options, message) => {
    const { config, output } = projectFor("http://127.0.0.1:1/mcp");
    const attempt = probe({ servers: [], config, once: true, ...options }, output);
    await expect(attempt).rejects.toThrow(CommandError);
    await expect(attempt).rejects.toThrow(message);
  });
});

test("Ctrl-C ends with a summary and 130, and each probe is on disk", async () => {
  const { folder, history, output } = await surroundings();
  const words = [join(import.meta.dirname, "../../../cli/main.ts"), "probe", "learn", "--every", "1s"];
  const env = { PATH: process.env.PATH ?? "", ...output.env };
  const child = spawn(process.execPath, words, { cwd: folder, env });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
    // Once: a second one would not wait for the summary.
    if (out.includes(" ok,") && !child.killed) child.kill("SIGINT");
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(130);
  expect(out).toMatch(/learn: \d+ probes?(?: in .+)?, 100% available/);
  expect(readFileSync(history, "utf8").split("\n").length).toBeGreaterThan(1);
});

test("Ctrl-C does not wait for a server that hangs, and what was under way is no probe", async () => {
  const asked = Promise.withResolvers<void>();
  const hanging = createServer(() => asked.resolve());
  onTestFinished(() => {
    hanging.closeAllConnections();
    hanging.close();
  });
  await new Promise<void>((resolve) => hanging.listen(0, "127.0.0.1", resolve));
  const { folder, history, output } = projectFor(`http://127.0.0.1:${(hanging.address() as AddressInfo).port}/mcp`);
  const words = [join(import.meta.dirname, "../../../cli/main.ts"), "probe", "learn"];
  const env = { PATH: process.env.PATH ?? "", ...output.env };
  const child = spawn(process.execPath, words, { cwd: folder, env });
  await asked.promise;
  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(130);
  expect(existsSync(history)).toBe(false);
});
