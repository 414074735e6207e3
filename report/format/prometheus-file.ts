/** The metrics of a run that is over as a file, as node_exporter's textfile collector and a push gateway take it. */
import type { VerdictResult } from "../../gate/verdict.ts";
import { generatorVerdict } from "../../record/generator-verdict.ts";
import type { MetricFamily } from "../../record/metrics/metric-family.ts";
import { prometheusText } from "../../record/metrics/prometheus-text.ts";
import { durationSnapshot, runMetrics } from "../../record/metrics/run-metrics.ts";
import { loadRecording } from "../../record/read-run.ts";
import { type ExportedRun, runSeconds } from "./exported-run.ts";

const RESULTS = ["PASSED", "FAILED", "INVALID"] as const satisfies readonly VerdictResult[];

/** The names of the bridge's `/metrics`, and what can only be said at the end. */
export function* prometheusFile(run: ExportedRun): Generator<string> {
  const { recording } = loadRecording(run.record);
  const { level } = generatorVerdict(run.record.file);
  const durations = durationSnapshot(recording, level);
  yield prometheusText([...atEnd(run), ...runMetrics({ totals: recording.totals(), durations, now: null })]);
}

const atEnd = ({ record, verdict }: ExportedRun): MetricFamily[] => {
  const { id, startedAt, versions, sessions } = record.file;
  const gauge = (name: string, help: string, value: number): MetricFamily => ({
    name: `swarmbridge_${name}`,
    type: "gauge",
    help,
    samples: [{ labels: {}, value }],
  });
  return [
    {
      name: "swarmbridge_run_info",
      type: "gauge",
      help: "Which run this is; always 1",
      samples: [{ labels: { run: id, version: versions.swarmbridge ?? "unknown" }, value: 1 }],
    },
    gauge("run_start_timestamp_seconds", "When the run started, since the epoch", Date.parse(startedAt) / 1000),
    gauge("run_duration_seconds", "How long the run took", runSeconds(record)),
    gauge("run_sessions_peak", "Most MCP sessions that were open at once", sessions.peak),
    {
      name: "swarmbridge_run_verdict",
      type: "gauge",
      help: "1 at what the gate says of the run",
      samples: RESULTS.map((result) => ({ labels: { result }, value: result === verdict.result ? 1 : 0 })),
    },
  ];
};
