import { Counter, Gauge, Registry } from "prom-client";
import type { Totals } from "../../record/recorder.ts";
import { authName } from "../../record/section.ts";

const REFUSAL = authName("", "401");

/** The bridge's counts in the Prometheus text format. Read when somebody asks, never on the way of a call. */
export const metricsText = async (totals: Totals, open: { sessions: number; underWay: number }): Promise<string> => {
  const registry = new Registry();
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `swarmbridge_${name}`, help, labelNames, registers: [registry] });
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name: `swarmbridge_${name}`, help, registers: [registry] }).set(value);

  const operations = counter(
    "operations_total",
    "Ended operations of the current test run by name and outcome",
    "name",
    "outcome",
  );
  const auth = counter(
    "auth_total",
    "Tokens, renewals and refused credentials of the current test run by name and outcome",
    "name",
    "outcome",
  );
  const arrivals = counter(
    "arrivals_total",
    "Planned starts of the current test run by name and outcome: begun (ok) or dropped",
    "name",
    "outcome",
  );
  // Not prom-client's Summary: it wants every single time, and the record keeps those.
  const authSum = counter("auth_seconds_sum", "How long tokens and renewals took, in all", "name");
  const authCount = counter("auth_seconds_count", "Of how many tokens and renewals", "name");
  const hidden = counter(
    "hidden_requests_total",
    "HTTP requests that MCP made on its own in the current test run",
    "name",
  );
  gauge("sessions_open", "MCP sessions open now", open.sessions);
  gauge("operations_under_way", "Operations under way now", open.underWay);
  gauge("resident_bytes", "Memory of the bridge", process.memoryUsage.rss());

  for (const [tally, metric] of [
    [totals.operations, operations],
    [totals.auth, auth],
    [totals.arrivals, arrivals],
  ] as const)
    for (const [name, outcomes] of Object.entries(tally))
      for (const [outcome, n] of Object.entries(outcomes)) if (n > 0) metric.inc({ name, outcome }, n);
  for (const [name, { count, sumMs }] of Object.entries(totals.authTimes)) {
    // Its time contains the token that was waited for: a sum over the names would have that twice.
    if (name.endsWith(REFUSAL)) continue;
    authSum.inc({ name }, sumMs / 1000);
    authCount.inc({ name }, count);
  }
  for (const [name, n] of Object.entries(totals.hidden)) hidden.inc({ name }, n);
  return registry.metrics();
};

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;
