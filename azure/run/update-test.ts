/** Makes the test at Azure what the configuration says. Only what differs is sent: the same again changes nothing. */

import type { AppComponentsBody, RemoteTest, ServerMetricsBody, TestBody } from "../plane/data-plane.ts";
import { persistently } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";

/** What has to be sent, made of what is there: null when nothing differs. Removing what is gone here is part of it. */
export interface TestPatches {
  readonly test: (remote: RemoteTest | null) => TestBody | null;
  readonly appComponents: (remote: AppComponentsBody | null) => AppComponentsBody | null;
  readonly serverMetrics: (remote: ServerMetricsBody | null) => ServerMetricsBody | null;
}

export interface UpdatedTest {
  /** As it was found; null when it was created. */
  readonly before: RemoteTest | null;
  readonly after: RemoteTest;
}

export const updateTest = async (context: RunContext, testId: string, patches: TestPatches): Promise<UpdatedTest> => {
  const { plane, clock, pace, tell } = context;
  const patiently = <T>(call: () => Promise<T>): Promise<T> =>
    persistently(context, clock.nowMs() + pace.patienceMs, call);

  const before = await patiently(() => plane.test(testId));
  const body = patches.test(before);
  const after = before !== null && body === null ? before : await patiently(() => plane.patchTest(testId, body ?? {}));

  // A new test has neither; to ask for them is to see what the service adds by itself.
  const components = patches.appComponents(await patiently(() => plane.appComponents(testId)));
  if (components !== null) await patiently(() => plane.patchAppComponents(testId, components));
  const metrics = patches.serverMetrics(await patiently(() => plane.serverMetrics(testId)));
  if (metrics !== null) await patiently(() => plane.patchServerMetrics(testId, metrics));

  const isChanged = body !== null || components !== null || metrics !== null;
  tell({ what: "test", testId, change: before === null ? "created" : isChanged ? "updated" : "unchanged" });
  return { before, after };
};
