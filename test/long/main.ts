/**
 * `npm run long`: the tests that take minutes, marked `long` and left out of `npm test`, on both Pythons, and on the oldest
 * also those marked `bridge`, which `npm test` runs on the newest alone. Arguments go to pytest
 * (`npm run long -- -k everything`). Ends with 0 only if all passed.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname } from "node:path";
import { NODE, ROOT } from "../../scripts/project.mjs";
import { newest, oldest, setUpForTest } from "../../scripts/set-up.mjs";

await setUpForTest();

const PYTEST = ["-m", "pytest", "-p", "no:cacheprovider", "--durations=0", "test"];
const RUNS = [
  { python: newest.python, marked: "long" },
  { python: oldest.python, marked: "long or bridge" },
];
const env = { ...process.env, PATH: [dirname(NODE), process.env.PATH].join(delimiter) };

for (const { python, marked } of RUNS) {
  const pytest = spawn(python, [...PYTEST, "-m", marked, ...process.argv.slice(2)], {
    cwd: ROOT,
    env,
    stdio: "inherit",
  });
  const [code] = await once(pytest, "exit");
  if (code !== 0) process.exitCode = 1;
}
