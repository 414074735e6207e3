/** A data plane made by hand: a test scripts what each call answers, and reads what was called. Time is driven, not waited for. */

import { AzureError } from "../../../azure/azure-error.ts";
import type { DataPlane, RemoteRun, RemoteTest, TestFile } from "../../../azure/plane/data-plane.ts";
import type { Clock } from "../../../azure/run/clock.ts";
import { PACE } from "../../../azure/run/pace.ts";
import type { RunContext } from "../../../azure/run/run-context.ts";
import type { RunEvent } from "../../../azure/run/run-event.ts";

/** Sleeping moves it on at once. */
export class DrivenClock implements Clock {
  ms = 0;
  readonly nowMs = (): number => this.ms;
  readonly date = (): Date => new Date(Date.UTC(2026, 10, 21) + this.ms);
  readonly sleep = async (ms: number): Promise<void> => {
    this.ms += ms;
  };
}

/** Answers in turn, the last one for ever; an Error is thrown. */
export const inTurn = <T>(...answers: readonly (T | Error)[]): (() => Promise<T>) => {
  let next = 0;
  return async () => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (answer instanceof Error) throw answer;
    return answer as T;
  };
};

export interface Scripted {
  readonly context: RunContext;
  readonly clock: DrivenClock;
  readonly events: RunEvent[];
  /** `name argument`, in order. */
  readonly calls: string[];
}

/** What is not scripted fails the test. */
export const scripted = (plane: Partial<DataPlane>): Scripted => {
  const [events, calls, clock] = [[] as RunEvent[], [] as string[], new DrivenClock()];
  const whole = new Proxy(plane, {
    get: (known, name: keyof DataPlane) => {
      const call = known[name] as ((...words: unknown[]) => unknown) | undefined;
      return (...words: unknown[]) => {
        calls.push([name, ...words.filter((word) => typeof word === "string")].join(" "));
        if (call === undefined) throw new Error(`${name} was not expected`);
        return call(...words);
      };
    },
  }) as DataPlane;
  const context = { plane: whole, clock, pace: PACE, tell: (event: RunEvent) => events.push(event) };
  return { context, clock, events, calls };
};

export const unreachable = (): AzureError => new AzureError("AZURE_UNREACHABLE", { why: "connection reset" });

export const remoteTest = (values: Partial<RemoteTest> = {}): RemoteTest => ({
  testId: "nightly",
  files: [],
  lastModifiedDateTime: "2026-11-20T00:00:00Z",
  ...values,
});

export const testFile = (fileName: string, values: Partial<TestFile> = {}): TestFile => ({
  fileName,
  fileType: fileName.endsWith(".conf") ? "USER_PROPERTIES" : "ADDITIONAL_ARTIFACTS",
  validationStatus: "VALIDATION_SUCCESS",
  validationFailureDetails: null,
  ...values,
});

export const NO_ARTIFACTS: RemoteRun["artifacts"] = { results: null, logs: null, report: null, container: null };

export const link = (name: string) => ({
  url: `https://store.example/${name}?sig=canary`,
  fileName: name,
  expireDateTime: null,
});

export const remoteRun = (status: string, values: Partial<RemoteRun> = {}): RemoteRun => ({
  testRunId: "20261121-120000-multi-abcd",
  testId: "nightly",
  displayName: "nightly",
  status,
  testResult: null,
  passFailCriteria: null,
  startDateTime: "2026-11-21T12:00:00Z",
  endDateTime: null,
  executionStartDateTime: null,
  executionEndDateTime: null,
  virtualUsers: null,
  virtualUserHours: null,
  portalUrl: "https://portal.example/run",
  statistics: {},
  errors: [],
  artifacts: NO_ARTIFACTS,
  ...values,
});
