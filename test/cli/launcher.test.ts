import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryProject } from "../config/temporary-project.ts";

const LAUNCHER = join(import.meta.dirname, "..", "..", "cli", "swarmbridge.mjs");

/** The launcher in a checkout of its own. @param built what stands in dist/swarmbridge.cjs; null: nothing is built */
const launch = (built: string | null, ...nodeOptions: readonly string[]) => {
  const folder = temporaryProject({});
  mkdirSync(join(folder, "cli"));
  cpSync(LAUNCHER, join(folder, "cli", "swarmbridge.mjs"));
  mkdirSync(join(folder, "dist"));
  if (built !== null) writeFileSync(join(folder, "dist", "swarmbridge.cjs"), built);
  const words = [...nodeOptions, join(folder, "cli", "swarmbridge.mjs"), "--version"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  return { status, stdout, stderr };
};

test("what is built is run, with the words that were typed", () => {
  expect(launch("console.log(process.argv.slice(2).join())")).toMatchObject({ status: 0, stdout: "--version\n" });
});

test("what is not built is told with the way to build it", () => {
  expect(launch(null)).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/not built yet: run .*npm run build/),
  });
});

test("a Node that is too old is told in one sentence", () => {
  const old = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.1.0'}})";
  const { status, stderr } = launch("console.log('ran')", "--import", old);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^swarmbridge needs Node 22 or newer, this is 20\.1\.0\.[^\n]*\n$/);
});
