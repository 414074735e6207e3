import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { headAndTail, runProgram } from "../../../cli/azure/program.ts";

const newLog = (): string => join(mkdtempSync(join(tmpdir(), "program-")), "log");

const run = (command: string, script: string, limitMs = 10_000) =>
  runProgram(command, ["-c", script], {
    env: process.env,
    log: newLog(),
    signal: new AbortController().signal,
    graceMs: 10_000,
    limitMs,
  });

test.each([
  ["exits", "exit 3", { how: "exited", code: 3 }],
  ["is killed by somebody else", "kill -9 $$", { how: "died", signal: "SIGKILL" }],
])("a program that %s is told so", async (_what, script, ended) => {
  expect(await run("sh", script)).toEqual(ended);
});

test("a program that takes too long is told so, even if it then ends well", async () => {
  expect(await run("sh", "trap 'exit 0' TERM; while :; do sleep 0.01; done", 200)).toEqual({ how: "too-long" });
});

test("a program that is not there is told so", async () => {
  expect(await run(join(tmpdir(), "no-such-program"), "")).toEqual({
    how: "not-started",
    why: expect.stringContaining("ENOENT"),
  });
});

test("of a long log the beginning and the end are kept, in whole lines", () => {
  const log = newLog();
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
  writeFileSync(log, `${lines.join("\n")}\n`);
  const kept = headAndTail(log).trimEnd().split("\n");
  expect(kept.length).toBeLessThan(lines.length);
  expect([kept[0], kept.at(-1)]).toEqual(["line 0", "line 49999"]);
  const written = new Set(lines);
  expect(kept.filter((line) => !written.has(line))).toEqual(["[...]"]);
});

test("a short log is kept as it is, and a missing one is empty", () => {
  const log = newLog();
  expect(headAndTail(log)).toBe("");
  writeFileSync(log, "one\ntwo");
  expect(headAndTail(log)).toBe("one\ntwo");
});
