import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { baselineCall } from "../../../cli/baseline/call.ts";
import { CommandError } from "../../../cli/command-error.ts";
import { projectFor, surroundings } from "../probe/surroundings.ts";

const SEARCH = { server: "learn", tool: "search", args: '{"query":"x"}', calls: 10, warmUp: 2 } as const;

describe("a baseline of calls", () => {
  test("is taken of a real server, written, and compared with the next time", async () => {
    const { config, folder, output, printed } = await surroundings();
    const file = join(folder, "call-baseline.json");
    const options = { ...SEARCH, config, baseline: file };
    expect(await baselineCall({ ...options, write: true }, output)).toBe(0);
    const stored = JSON.parse(readFileSync(file, "utf8"));
    expect(stored).toMatchObject({ schema: 1, server: "learn", tool: "search", calls: 10 });
    // As if it had been taken on a server that was a thousand times as quick: then this one is a regression.
    writeFileSync(file, JSON.stringify({ ...stored, meanMs: 0.001, meanLowMs: 0.001, meanHighMs: 0.001 }));
    expect(await baselineCall({ ...options, json: true }, output)).toBe(1);
    expect(JSON.parse(printed.at(-1) ?? "")).toMatchObject({ version: 1, result: "regression", now: { calls: 10 } });
  });

  test("fails above the limit of its mean", async () => {
    const { config, output } = await surroundings();
    expect(await baselineCall({ ...SEARCH, config, mean: "0.001ms" }, output)).toBe(1);
    expect(await baselineCall({ ...SEARCH, config, mean: "1h" }, output)).toBe(0);
  });

  test("is none when a call fails: 1 when the server answered so, 4 when it is not there", async () => {
    const { config, output, printed } = await surroundings();
    expect(await baselineCall({ ...SEARCH, config, tool: "absent" }, output)).toBe(1);
    expect(printed.join("")).toContain("no baseline: call 1 of 12 failed (tool-error)");
    const gone = projectFor("http://127.0.0.1:1/mcp");
    expect(await baselineCall({ ...SEARCH, config: gone.config, json: true }, gone.output)).toBe(4);
    expect(JSON.parse(gone.printed.join(""))).toEqual({
      version: 1,
      result: "failed",
      step: "initialize",
      reason: "connect",
    });
  });

  test("of another tool, or none at all, is not compared with", async () => {
    const { config, folder, output } = projectFor("http://127.0.0.1:1/mcp");
    const file = join(folder, "b.json");
    const attempt = () => baselineCall({ ...SEARCH, config, baseline: file }, output);
    await expect(attempt()).rejects.toThrow(CommandError);
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, "{}");
    await expect(attempt()).rejects.toThrow("no baseline of this version");
    const numbers = { calls: 1, meanMs: 1, meanLowMs: 1, meanHighMs: 1, medianMs: 1, p95Ms: 1, minMs: 1, maxMs: 1 };
    writeFileSync(file, JSON.stringify({ schema: 1, server: "learn", tool: "fetch", takenAt: "", ...numbers }));
    await expect(attempt()).rejects.toThrow("is the baseline of fetch of learn");
  });
});
