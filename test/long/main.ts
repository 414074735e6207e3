/**
 * `npm run long`: the tests that take minutes, marked `long` and left out of `npm test`, on both Pythons. Arguments go to
 * pytest (`npm run long -- -k everything`). Ends with 0 only if all passed.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname } from "node:path";
import { NODE, ROOT } from "../../scripts/project.mjs";
import { newest, oldest, setUpForTest } from "../../scripts/set-up.mjs";

await setUpForTest();

const PYTEST = ["-m", "pytest", "-p", "no:cacheprovider", "-m", "long", "--durations=0", "test"];
const env = { ...process.env, PATH: [dirname(NODE), process.env.PATH].join(delimiter) };

for (const { python } of [newest, oldest]) {
  const pytest = spawn(python, [...PYTEST, ...process.argv.slice(2)], { cwd: ROOT, env, stdio: "inherit" });
  const [code] = await once(pytest, "exit");
  if (code !== 0) process.exitCode = 1;
}
