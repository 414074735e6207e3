/** What there is at the fake, as JSON for another process. */

import type { FakeLoadTesting } from "./fake-load-testing.ts";
import type { Json } from "./merge-patch.ts";

export const tell = (fake: FakeLoadTesting): Json => ({
  tests: [...fake.tests.byId.values()].map(({ testId, body, files, appComponents, serverMetrics }) => ({
    testId,
    body,
    appComponents,
    serverMetrics,
    files: [...files.values()].map(({ fileName, fileType, bytes }) => ({ fileName, fileType, bytes: bytes.length })),
  })),
  runs: [...fake.runs.byId.values()].map((run) => ({
    testRunId: run.testRunId,
    testId: run.testId,
    state: fake.runs.stateOf(run),
    body: run.body,
  })),
  requests: fake.requests.map(({ host, method, path, status, correlationId, errorCode }) => ({
    host,
    method,
    path,
    status,
    correlationId,
    errorCode,
  })),
  faults: fake.faults,
});
