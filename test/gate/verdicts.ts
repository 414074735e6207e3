import type { CriterionResult, Verdict } from "../../gate/verdict.ts";

/** Verdicts for the forms that they are written in. */

export const row = (fields: Partial<CriterionResult> = {}): CriterionResult => ({
  kind: "client",
  criterion: "p95(response_time_ms) > 1000",
  request: null,
  limit: 1000,
  actualValue: 812.4,
  unit: "ms",
  status: "passed",
  isLocal: false,
  azure: null,
  remark: null,
  ...fields,
});

export const BROKEN = row({
  criterion: "percentage(error) > 1",
  limit: 1,
  actualValue: 3.25,
  unit: "%",
  status: "failed",
});

export const verdict = (fields: Partial<Verdict> = {}): Verdict => ({
  result: "PASSED",
  run: {
    id: "20260301-100000-demo",
    startedAt: "2026-03-01T10:00:00.250Z",
    endedAt: "2026-03-01T10:00:30.250Z",
    endReason: "run time reached",
    seconds: 30,
    operations: 1200,
    failures: 39,
  },
  profile: null,
  rows: [row()],
  generator: { level: "ok", reasons: [] },
  invalid: [],
  notes: [],
  ...fields,
});

/** What a hostile server may have put into a name. */
export const HOSTILE_NAME = 'learn:tools/call:</failure>"&|`x` @team \u001b[31m\u0000\ud800';
