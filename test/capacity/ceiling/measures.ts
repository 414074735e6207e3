/** Steps as a test wants them. */

import { BATCHES, type Limits, type StepMeasure } from "../../../capacity/ceiling/step.ts";

export const LIMITS: Limits = { p99Ms: 2000, errorPercent: 1 };

/** @param p99Ms of all ok calls: they all took that long */
export const step = (
  sessions: number,
  p99Ms: number,
  { perBatch = 200, failures = 0, ...rest }: Partial<StepMeasure> & { perBatch?: number; failures?: number } = {},
): StepMeasure => {
  const ok = perBatch - failures;
  return {
    sessions,
    opened: sessions,
    refused: 0,
    batches: Array.from({ length: BATCHES }, () => ({
      calls: perBatch,
      failures,
      times: ok === 0 ? [] : [[p99Ms * 1000, ok] as const],
    })),
    seconds: 60,
    endedInTime: null,
    saturation: [],
    cutOff: null,
    dir: null,
    ...rest,
  };
};
