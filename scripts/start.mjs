/**
 * `npm start`: sets the checkout up and does the main job on the embedded default, a run of Locust over the four servers
 * of the demo fleet. What stands behind `npm start --` goes to Locust. Runs on any Node from 18 on, nothing installed.
 */
import "./node-version.mjs";
import { runCommand } from "./command.mjs";
import { bold, dim, print } from "./console.mjs";
import { startDemoFleet } from "./demo-fleet.mjs";
import { showVerdict } from "./gate-step.mjs";
import { locustArguments } from "./locust-arguments.mjs";
import { RESULTS, runLocust } from "./locust-run.mjs";
import { PACKAGE } from "./project.mjs";
import { hasRecord, watchForRun } from "./run-progress.mjs";
import { setUpForStart } from "./set-up.mjs";
import { EXIT } from "./set-up-error.mjs";

await runCommand(async () => {
  print(`${bold("swarmbridge")} ${PACKAGE.version}\n`);
  const locust = locustArguments(process.argv.slice(2));
  await setUpForStart();
  const fleet = await startDemoFleet();
  print(`  demo fleet of four MCP servers: ${Object.keys(fleet.urls).join(", ")}\n`);
  const newRun = watchForRun(RESULTS);
  const runCode = await runLocust(locust, fleet.environment);
  await fleet.end();
  const run = newRun();
  // The web UI may have made several runs, or none; --help and --list make none.
  const record = !locust.wantsWeb && run !== null && hasRecord(run) ? run : null;
  const exitCode = await showVerdict(runCode, record, fleet.environment);
  if (runCode === EXIT.fine) printNext(locust.wantsWeb);
  return exitCode;
});

/** @param {boolean} wasWeb */
function printNext(wasWeb) {
  const ways = [
    ["npm start -- -u 50 -t 2m", "more users, longer; takes every option of Locust"],
    ...(wasWeb ? [] : [["npm start -- --web", "the same in Locust's web UI"]]),
    ...(wasWeb ? [] : [["npx swarmbridge report", "the newest run as one HTML page: docs/report.md"]]),
    ...(wasWeb ? [] : [["npx swarmbridge gate", "the newest run judged by your loadtest.yaml: docs/gate.md"]]),
    ["source .venv/bin/activate", "then, as Locust users do:"],
    ["locust -f multi.py", "your servers, as loadtest.yaml names them"],
  ];
  print(`\n${bold("What to type next")}`);
  for (const [command = "", what = ""] of ways) print(`  ${command.padEnd(28)}${dim(what)}`);
}
