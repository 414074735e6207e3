/** What the list of runs says of one of them. These are the fields of `runs --json`. */
import type { VerdictResult } from "../../gate/verdict.ts";
import { type GeneratorLevel, generatorVerdict } from "../../record/generator-verdict.ts";
import { awaitedKind, plannedServers } from "../../record/planned-starts.ts";
import type { RunFile } from "../../record/run-file.ts";
import { runMs } from "../../record/run-length.ts";
import type { ListedRun } from "../../record/run-list.ts";

export interface RunRow {
  /** Of the folder: what other commands take. */
  readonly run: string;
  readonly startedAt: string;
  /** `parts`: of several processes, and not merged yet. */
  readonly state: "complete" | "running" | "parts" | "unreadable";
  readonly locustfile: string | null;
  readonly servers: readonly string[];
  /** At most at once. */
  readonly users: number | null;
  readonly seconds: number | null;
  readonly operations: number | null;
  readonly failures: number | null;
  /** The tool call that was answered well most often: percentiles of several names are in no head, and have no mean. */
  readonly busiest: { readonly name: string; readonly p95Ms: number } | null;
  readonly generator: GeneratorLevel | null;
  /** null: not asked for. */
  readonly gate: VerdictResult | null;
}

export const runRow = (run: ListedRun, file: RunFile, gate: VerdictResult | null): RunRow => {
  const operations = Object.values(file.operations);
  const { users, locustfile } = file.plan;
  return {
    run: run.name,
    startedAt: file.startedAt,
    state: file.state,
    locustfile: locustfile == null ? null : String(locustfile),
    servers: Object.keys(file.servers),
    users: file.generator.usersPeak || (typeof users === "number" ? users : null),
    seconds: Math.round(runMs(file) / 100) / 10,
    operations: operations.reduce((sum, { count }) => sum + count, 0),
    failures: operations.reduce((sum, { failures }) => sum + failures, 0),
    busiest: busiestOf(file),
    generator: generatorVerdict(file).level,
    gate,
  };
};

/** Of one that has no head to be read. */
export const unreadRow = ({ name, startMs, head }: ListedRun): RunRow => ({
  run: name,
  startedAt: new Date(startMs).toISOString(),
  state: head === null ? "parts" : "unreadable",
  locustfile: null,
  servers: Object.keys(head?.servers ?? {}),
  users: null,
  seconds: null,
  operations: null,
  failures: null,
  busiest: null,
  generator: null,
  gate: null,
});

const busiestOf = (file: RunFile): RunRow["busiest"] => {
  const planned = plannedServers(file);
  let busiest: { name: string; p95Ms: number; count: number } | null = null;
  for (const [name, { outcomes }] of Object.entries(file.operations)) {
    const times = outcomes.ok?.times[awaitedKind(name, planned)];
    if (times === undefined || !name.includes(":tools/call") || times.count <= (busiest?.count ?? 0)) continue;
    busiest = { name, p95Ms: times.p95Ms, count: times.count };
  }
  return busiest === null ? null : { name: busiest.name, p95Ms: busiest.p95Ms };
};
