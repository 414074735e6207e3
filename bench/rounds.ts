/**
 * The order of a bench: in every round each workload is run by each contender once, one right after the other, so that
 * what the machine does meanwhile hits all of them, and a round's ratios compare neighbours in time.
 */
import type { Assignment, Report } from "./assignment.ts";
import type { Workplace } from "./bridge-settings.ts";
import { type ContenderName, contenderOf, takesPart } from "./contenders.ts";
import { type Measurement, measurementOf } from "./measurement.ts";
import type { Python } from "./requirements.ts";
import { locustCommand, nodeCommand, runGenerator } from "./run-generator.ts";
import type { NullServer } from "./server/null-server.ts";
import { pathOf, REVISION, TOOL, TOOL_ARGUMENTS, type Workload } from "./workload.ts";

export interface Plan {
  readonly workloads: readonly Workload[];
  readonly contenders: readonly ContenderName[];
  readonly runs: number;
  readonly windowMs: number;
}

export interface Means {
  readonly server: NullServer;
  readonly workplace: Workplace;
  /** Null when no contender runs on Python. */
  readonly python: Python | null;
}

export const taskFor = (
  workload: Workload,
  { server }: Means,
  { warmUpMs, windowMs }: Pick<Assignment, "warmUpMs" | "windowMs">,
): Assignment => ({
  ...workload,
  url: server.origin + pathOf(workload),
  revision: REVISION[workload.era],
  tool: TOOL,
  toolArguments: TOOL_ARGUMENTS,
  warmUpMs,
  windowMs,
});

/** How many measurements a plan makes. */
export const sizeOf = ({ workloads, contenders, runs }: Plan): number =>
  runs * workloads.flatMap(({ users }) => contenders.filter((name) => takesPart(name, users))).length;

/** @throws {BenchError} GENERATOR_FAILED, COUNT_WRONG */
export async function* measureRounds(plan: Plan, means: Means): AsyncGenerator<Measurement> {
  for (let round = 0; round < plan.runs; round += 1) {
    for (const workload of plan.workloads) {
      for (const contender of plan.contenders) {
        if (takesPart(contender, workload.users)) yield await measure(contender, workload, plan.windowMs, means);
      }
    }
  }
}

const measure = async (
  contender: ContenderName,
  workload: Workload,
  windowMs: number,
  means: Means,
): Promise<Measurement> => {
  const task = taskFor(workload, means, { warmUpMs: contenderOf(contender).warmUpMs, windowMs });
  const before = await means.server.served();
  const report = await runGenerator<Report>({ ...commandOf(contender, task, means), workplace: means.workplace, task });
  const after = await means.server.served();
  return measurementOf({ contender, workload, report, before, after });
};

const commandOf = (contender: ContenderName, task: Assignment, { python }: Means) => {
  const { program } = contenderOf(contender);
  if ("node" in program) {
    // The link's driver is not what is measured: it stays off the generator's core.
    return { command: nodeCommand(program.node), role: contender === "link" ? "server" : "generator" } as const;
  }
  return { command: locustCommand(python?.path ?? "python", program.locustfile, task), role: "generator" } as const;
};
