/** A bridge that the face can be put before: nobody's sessions, and the counts that a test gives it. */
import type { Faced } from "../../../bridge/face/face.ts";
import { Operations } from "../../../bridge/operations.ts";
import { runMetrics } from "../../../record/metrics/run-metrics.ts";
import { NO_TOTALS, type Totals } from "../../../record/recorder.ts";

const none = (): null => null;

export const idleBridge = (totals: Partial<Totals> = {}): Faced => {
  const whole = { ...NO_TOTALS, ...totals };
  return {
    operations: new Operations(none, none),
    totals: async () => whole,
    metrics: async () =>
      runMetrics({ totals: whole, durations: null, now: { sessionsOpen: 0, operationsInFlight: 0 } }),
  };
};
