/** The files named on its command line become a run record, as after a run at Azure; reports time and peak memory. */
import { recordResults } from "../../azure/engines/record-results.ts";
import { readRun } from "../../record/read-run.ts";
import { writeReport } from "../assignment.ts";
import { measured } from "./measured.ts";
import { ENGINES, RUN_MS, STARTED_MS } from "./row-set.ts";

const [runDir = "", ...files] = process.argv.slice(2);

const report = await measured(async () => {
  await recordResults({
    runDir,
    files,
    engines: ENGINES,
    head: {
      id: "bench",
      testId: "bench",
      startedAt: new Date(STARTED_MS).toISOString(),
      endedAt: new Date(STARTED_MS + RUN_MS).toISOString(),
      endReason: "done",
      outcome: { state: "DONE", result: null, client: [], server: [] },
      plan: {},
      versions: {},
      servers: {},
    },
  });
  return Object.values(readRun(runDir).file.operations).reduce((sum, { count }) => sum + count, 0);
});
writeReport(report);
