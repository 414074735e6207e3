import { Counter, Gauge, Registry } from "prom-client";
import type { Totals } from "../../record/recorder.ts";

/** The bridge's counts in the Prometheus text format. Read when somebody asks, never on the way of a call. */
export const metricsText = async (totals: Totals, open: { sessions: number; underWay: number }): Promise<string> => {
  const registry = new Registry();
  const registers = [registry];
  const operations = new Counter({
    name: "swarmbridge_operations_total",
    help: "Ended operations of the current test run by name and outcome",
    labelNames: ["name", "outcome"],
    registers,
  });
  const hidden = new Counter({
    name: "swarmbridge_hidden_requests_total",
    help: "HTTP requests that MCP made on its own in the current test run",
    labelNames: ["name"],
    registers,
  });
  new Gauge({ name: "swarmbridge_sessions_open", help: "MCP sessions open now", registers }).set(open.sessions);
  new Gauge({ name: "swarmbridge_operations_under_way", help: "Operations under way now", registers }).set(
    open.underWay,
  );
  new Gauge({ name: "swarmbridge_resident_bytes", help: "Memory of the bridge", registers }).set(
    process.memoryUsage.rss(),
  );
  for (const [name, outcomes] of Object.entries(totals.operations))
    for (const [outcome, n] of Object.entries(outcomes)) if (n > 0) operations.inc({ name, outcome }, n);
  for (const [name, n] of Object.entries(totals.hidden)) hidden.inc({ name }, n);
  return registry.metrics();
};

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;
