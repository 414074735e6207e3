import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AUTH_SCENARIOS } from "./auth-scenarios.ts";
import { runStepUp } from "./step-up.ts";
import { runScenario, type Suite, scenariosOf, type Verdict } from "./suite.ts";

/**
 * `npm run conformance`: the official client scenarios against the bridge as it ships (dist/bridge.cjs over its link) in
 * both eras; of those of authorization what fits a program without a browser (`auth-scenarios.ts`). Prints one line each,
 * those that are not run with their reason, and ends with 0 only if every check of every scenario that is run passed.
 */

const SUITES: readonly Suite[] = [
  { packageName: "@modelcontextprotocol/conformance", revision: "2025-11-25" },
  { packageName: "conformance-2026", revision: "2026-07-28" },
];

const command = `${process.execPath} ${fileURLToPath(new URL("client.ts", import.meta.url))}`;

// What is tested is the bundle, so it has to be that of these sources.
await promisify(execFile)(process.execPath, [fileURLToPath(new URL("../../scripts/build.mjs", import.meta.url))]);

const verdicts: Verdict[] = [];
const tell = (verdict: Verdict, remark = ""): void => {
  verdicts.push(verdict);
  const state = verdict.failed.length === 0 ? "ok    " : "FAILED";
  console.log(`${state} ${verdict.revision}  ${verdict.scenario.padEnd(40)} ${verdict.passed} checks passed${remark}`);
  for (const failure of verdict.failed) console.log(`         ${failure.replaceAll("\n", "\n         ")}`);
};

for (const suite of SUITES) {
  const { plain, auth } = await scenariosOf(suite);
  if (plain.length === 0) throw new Error(`${suite.packageName} lists no client scenario for ${suite.revision}`);
  for (const scenario of plain) tell(await runScenario(suite, scenario, command));
  for (const scenario of auth) {
    const fit = AUTH_SCENARIOS[scenario];
    if (fit === undefined) throw new Error(`${scenario} is not in auth-scenarios.ts`);
    if (fit.fits === "not") console.log(`not run ${suite.revision} ${scenario.padEnd(40)} ${fit.why}`);
    else if (fit.fits === "whole") tell(await runScenario(suite, scenario, command, fit));
    else tell(await runScenario(suite, scenario, command, { only: fit.checks }), ", those of a login left out");
  }
}

tell(await runStepUp());

const failed = verdicts.filter((verdict) => verdict.failed.length > 0).length;
console.log(`${verdicts.length - failed} of ${verdicts.length} scenarios passed`);
process.exitCode = failed === 0 ? 0 : 1;
