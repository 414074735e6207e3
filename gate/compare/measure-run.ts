/** The figures of a record, as a comparison takes them. */
import { generatorVerdict } from "../../record/generator-verdict.ts";
import { hasRows, missingLoad } from "../../record/origin.ts";
import { plannedServers } from "../../record/planned-starts.ts";
import type { RunRecord } from "../../record/read-run.ts";
import type { RunFile } from "../../record/run-file.ts";
import { secondsOf } from "../measured.ts";
import { blocksOf } from "./blocks.ts";
import { figuresOfRun } from "./figures-of-run.ts";
import { madeAt } from "./made-at.ts";
import type { RunFigures } from "./run-figures.ts";

/** The service's rows have whole milliseconds. */
const ROW_RESOLUTION_MS = 1;

export const measureRun = (record: RunRecord): RunFigures => {
  const { file } = record;
  const seconds = secondsOf(record);
  const blocks = blocksOf(record, seconds);
  const operations = Object.entries(file.operations).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    id: file.id,
    startedAt: file.startedAt,
    seconds: Math.round(seconds * 10) / 10,
    faults: faultsOf(file),
    generator: generatorVerdict(file).level,
    load: file.plan,
    versions: file.versions,
    targets: Object.fromEntries(Object.entries(file.servers).map(([name, server]) => [name, targetOf(server)])),
    ...madeAt(file),
    planned: [...plannedServers(file)].sort(),
    source: hasRows(file.origin) ? "rows" : "histograms",
    ...figuresOfRun(blocks, operations, seconds, hasRows(file.origin) ? ROW_RESOLUTION_MS : 0),
  };
};

export const targetOf = ({ targetClass }: Readonly<Record<string, unknown>>): string =>
  typeof targetClass === "string" ? targetClass : "unknown";

/** Why its figures are none to compare with, one sentence each. */
export const faultsOf = (file: RunFile): string[] => {
  const { level, reasons } = generatorVerdict(file);
  return [
    ...(file.state === "complete" ? [] : ["its record is not complete"]),
    ...(file.origin === undefined ? [] : missingLoad(file.origin)),
    ...(level === "saturated" ? [`its generator was saturated: ${reasons.join("; ")}`] : []),
  ];
};
