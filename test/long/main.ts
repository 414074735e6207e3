/**
 * `npm run long`: longer variants of vitest's tests; experiments; the tests that take minutes, marked `long` and left out of `npm test`,
 * on both Pythons, and on the oldest also those marked `bridge`, which `npm test` runs on the newest alone. With arguments,
 * which go to pytest (`npm run long -- -k everything`), pytest alone. Ends with 0 only if all passed.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import { NODE, ROOT } from "../../scripts/project.mjs";
import { newest, oldest, setUpForTest } from "../../scripts/set-up.mjs";

await setUpForTest();

const PYTEST = ["-m", "pytest", "-p", "no:cacheprovider", "--durations=0", "test"];
/** What of vitest's tests has longer variants, behind `SWARMBRIDGE_LONG`. */
const LONG_IN_VITEST = [
  "test/bridge/transport/large/memory.test.ts",
  "test/bench/truth/truth.test.ts",
  "test/gate/compare/comparison.test.ts",
];
const RUNS = [
  { python: newest.python, marked: "long" },
  { python: oldest.python, marked: "long or bridge" },
];
const env = { ...process.env, PATH: [dirname(NODE), process.env.PATH].join(delimiter) };

const chosen = process.argv.slice(2);

if (chosen.length === 0) {
  const vitest = spawn(join(ROOT, "node_modules", ".bin", "vitest"), ["run", ...LONG_IN_VITEST], {
    cwd: ROOT,
    env: { ...env, SWARMBRIDGE_LONG: "1" },
    stdio: "inherit",
  });
  const [code] = await once(vitest, "exit");
  if (code !== 0) process.exitCode = 1;
}

/** Experiments that end with 0 only if what they look for holds, each a program of its own. */
const EXPERIMENTS = chosen.length === 0 ? ["saturation.ts"] : [];

for (const program of EXPERIMENTS) {
  const experiment = spawn(NODE, [join(ROOT, "test", "long", program)], { cwd: ROOT, env, stdio: "inherit" });
  const [code] = await once(experiment, "exit");
  if (code !== 0) process.exitCode = 1;
}

for (const { python, marked } of RUNS) {
  const pytest = spawn(python, [...PYTEST, "-m", marked, ...chosen], {
    cwd: ROOT,
    env,
    stdio: "inherit",
  });
  const [code] = await once(pytest, "exit");
  if (code !== 0) process.exitCode = 1;
}
