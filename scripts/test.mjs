/**
 * `npm test`: runs every stage, also after a failed one, and ends with `N passed, N failed`. `npm test -- vitest pytest`
 * runs only the stages that are named. Runs on any Node from 18 on, nothing installed.
 */
import "./node-version.mjs";
import { mkdirSync } from "node:fs";
import { runCommand } from "./command.mjs";
import { bold, dim, print, yellow } from "./console.mjs";
import { PACKAGE } from "./project.mjs";
import { newest, oldest, setUpForTest } from "./set-up.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { describeFailure, describeResult, describeTotals, runStages } from "./stage-run.mjs";
import { RESULTS, STAGES } from "./test-stages.mjs";

await runCommand(async () => {
  print(`${bold("swarmbridge")} ${PACKAGE.version}, npm test\n`);
  const stages = chosen(process.argv.slice(2));
  await setUpForTest();
  describeMachine();
  mkdirSync(RESULTS, { recursive: true });
  const results = [];
  for (const group of sideBySide(stages)) {
    for (const result of await runStages(group)) {
      results.push(result);
      print(describeResult(result));
      if (!result.isFine) print(describeFailure(result));
    }
  }
  const isFine = results.every((result) => result.isFine);
  // The lines above are the table already, unless the output of a failure stands between them.
  if (!isFine) print(`\n${results.map(describeResult).join("\n")}`);
  print(`\n${describeTotals(results)}`);
  return isFine ? 0 : 1;
});

/** @param {readonly string[]} names @throws {SetUpError} for a name that is none */
function chosen(names) {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    throw new SetUpError(`There is no stage "${unknown}".`, {
      hint: `Stages: ${STAGES.map(({ name }) => name).join(", ")}`,
    });
  }
  return names.length === 0 ? STAGES : STAGES.filter(({ name }) => names.includes(name));
}

/**
 * Neighbours that may run at the same time, together.
 * @param {readonly import("./test-stages.mjs").Stage[]} stages
 */
function sideBySide(stages) {
  /** @type {import("./test-stages.mjs").Stage[][]} */
  const groups = [];
  for (const stage of stages) {
    const last = groups.at(-1);
    if (stage.beside !== undefined && last?.[0]?.beside === stage.beside) last.push(stage);
    else groups.push([stage]);
  }
  return groups;
}

function describeMachine() {
  print(dim(`  newest: Python ${newest.pythonVersion}, Locust ${newest.versionOf("locust")}`));
  print(dim(`  oldest: Python ${oldest.pythonVersion}, Locust ${oldest.versionOf("locust")}`));
  if (!oldest.pythonVersion.startsWith("3.9.")) {
    print(
      yellow("  no Python 3.9 was found (SWARMBRIDGE_PYTHON39 can name one): the oldest Locust runs on this Python"),
    );
  }
  print();
}
