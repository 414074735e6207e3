/** What has to be sent so that the test at Azure is this definition. */

import { appComponentsBody, serverMetricsBody } from "../definition/component-bodies.ts";
import { changesNothing } from "../definition/merge-patch.ts";
import { isUnchanged, testBody } from "../definition/test-body.ts";
import type { TestDefinition } from "../definition/test-definition.ts";
import type { TestPatches } from "./update-test.ts";

export const patchesFor = (definition: TestDefinition): TestPatches => ({
  test: (remote) => (remote !== null && isUnchanged(definition, remote) ? null : testBody(definition, remote)),
  appComponents: (remote) => unlessNothing(appComponentsBody(definition, remote), remote),
  serverMetrics: (remote) => unlessNothing(serverMetricsBody(definition, remote), remote),
});

const unlessNothing = <Body>(body: Body, remote: Body | null): Body | null =>
  changesNothing(body, remote, {}) ? null : body;
