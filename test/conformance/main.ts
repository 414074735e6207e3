import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runScenario, type Suite, scenariosOf, type Verdict } from "./suite.ts";

/**
 * `npm run conformance`: the official client scenarios, but for authorization, against the bridge as it ships (dist/bridge.cjs over its link) in both eras. Prints
 * one line each and ends with 0 only if every check of every scenario passed.
 */

const SUITES: readonly Suite[] = [
  { packageName: "@modelcontextprotocol/conformance", revision: "2025-11-25" },
  { packageName: "conformance-2026", revision: "2026-07-28" },
];

const command = `${process.execPath} ${fileURLToPath(new URL("client.ts", import.meta.url))}`;

// What is tested is the bundle, so it has to be that of these sources.
await promisify(execFile)(process.execPath, [fileURLToPath(new URL("../../scripts/build.mjs", import.meta.url))]);

const verdicts: Verdict[] = [];
for (const suite of SUITES) {
  const scenarios = await scenariosOf(suite);
  if (scenarios.length === 0) throw new Error(`${suite.packageName} lists no client scenario for ${suite.revision}`);
  for (const scenario of scenarios) {
    const verdict = await runScenario(suite, scenario, command);
    verdicts.push(verdict);
    const state = verdict.failed.length === 0 ? "ok    " : "FAILED";
    console.log(`${state} ${suite.revision}  ${scenario.padEnd(40)} ${verdict.passed} checks passed`);
    for (const failure of verdict.failed) console.log(`         ${failure.replaceAll("\n", "\n         ")}`);
  }
}

const failed = verdicts.filter((verdict) => verdict.failed.length > 0).length;
console.log(`${verdicts.length - failed} of ${verdicts.length} scenarios passed`);
process.exitCode = failed === 0 ? 0 : 1;
