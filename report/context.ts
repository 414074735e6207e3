/** All that the sections of a report are made from. What costs time to read is read when a section first asks for it. */
import type { Found } from "../capacity/ceiling/ceiling-file.ts";
import type { Probe } from "../capacity/probe/probe.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import type { Finding } from "../diagnosis/finding.ts";
import { serverViews } from "../diagnosis/server-view.ts";
import { type Shape, shapesOf } from "../diagnosis/shape.ts";
import type { Verdict } from "../gate/verdict.ts";
import { type GeneratorVerdict, generatorVerdict } from "../record/generator-verdict.ts";
import type { RunRecord } from "../record/read-run.ts";
import { type OkRecording, okRecording } from "./ok-recording.ts";
import { type OverTime, overTime } from "./over-time.ts";

/** What lies around a run, given by who looked for it. */
export interface Surroundings {
  /** null where no criteria could be read. */
  readonly verdict: Verdict | null;
  /** Other runs of the same results folder, the newest first, this one left out. */
  readonly previous: readonly RunRecord[];
  /** The newest complete search for the ceiling of that server, or of all servers for null. */
  readonly ceilingOf: (server: string | null) => Found | null;
  /** What a probe of that server has written down, the oldest first. */
  readonly probesOf: (server: string) => readonly Probe[];
  /** When the report is made. */
  readonly now: Date;
}

export interface ReportContext extends Surroundings {
  readonly record: RunRecord;
  readonly generator: GeneratorVerdict;
  readonly findings: readonly Finding[];
  /** Of servers without a finding. */
  readonly shapes: () => readonly Shape[];
  /** Histograms of the ok answers, read once. */
  readonly recording: () => OkRecording;
  /** By time, without all histograms in memory. */
  readonly overTime: () => OverTime;
}

export const contextOf = (record: RunRecord, around: Surroundings): ReportContext => {
  const servers = serverViews(record);
  const findings = diagnose(record, servers);
  return {
    ...around,
    record,
    generator: generatorVerdict(record.file),
    findings,
    shapes: once(() => shapesOf(record, findings, servers)),
    recording: once(() => okRecording(record)),
    overTime: once(() => overTime(record)),
  };
};

/** For what is read when it is first asked for. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Around a run of which nothing more is known. */
export const nothingAround = (now: Date): Surroundings => ({
  verdict: null,
  previous: [],
  ceilingOf: () => null,
  probesOf: () => [],
  now,
});
