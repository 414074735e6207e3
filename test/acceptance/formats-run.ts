/**
 * Makes what other programs' readers are tried on: a short run that is sent to a collector, and its record as files.
 *
 *   node formats-run.ts FOLDER
 *
 * Leaves `metrics-N.bin` and `traces-N.bin` as the collector got them, `run.hlog` and `run.prom`, and prints as JSON what
 * the server was sent.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { judge } from "../../gate/judge.ts";
import { readRun } from "../../record/read-run.ts";
import { FORMATS } from "../../report/format/formats.ts";
import { SLOW_MS, telemetry, tracedRun } from "../bridge/telemetry/traced-run.ts";
import { otlpCollector } from "../fakes/otlp-collector.ts";

const folder = process.argv[2] ?? ".";
const collector = await otlpCollector();
const run = await tracedRun(telemetry({ endpoint: collector.endpoint, traceContext: true }), folder);
await collector.close();
for (const [index, { signal, body }] of collector.received.entries()) {
  writeFileSync(join(folder, `${signal}-${index}.bin`), body);
}
const record = readRun(run.dir);
const exported = { record, verdict: judge(record, { profile: null, client: [], server: [] }) };
const everything = { names: [], outcomes: [], kinds: [] };
for (const [format, file] of [
  ["hlog", "run.hlog"],
  ["prometheus", "run.prom"],
] as const) {
  writeFileSync(join(folder, file), [...FORMATS[format](exported, everything)].join(""));
}
const calls = run.requests.filter(({ rpc }) => rpc.method === "tools/call");
process.stdout.write(
  JSON.stringify({
    slowMs: SLOW_MS,
    faults: collector.faults,
    operations: record.file.operations,
    traceparents: Object.fromEntries(calls.map(({ rpc, headers }) => [rpc.params?.name, headers.traceparent])),
  }),
);
