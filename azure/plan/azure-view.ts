/** What Azure has of a test and of all that it needs, by asking alone: the type of what is used here cannot change anything. */

import { appComponentsBody, serverMetricsBody } from "../definition/component-bodies.ts";
import { testBody, testChanges } from "../definition/test-body.ts";
import type { TestDefinition, UploadFile } from "../definition/test-definition.ts";
import { type ControlPlane, loadTestId } from "../plane/control-plane.ts";
import type { AppComponentsBody, DataPlane, RemoteTest, ServerMetricsBody, TestFile } from "../plane/data-plane.ts";
import type { ResourcePlace } from "../run/find-resource.ts";
import type { Difference } from "./difference.ts";
import { componentDifferences, entryDifferences, metricDifferences } from "./entry-differences.ts";
import { fileDifferences } from "./file-differences.ts";
import type { Check } from "./preflight/check.ts";
import { preflight } from "./preflight/preflight.ts";
import { findFirst, resourceOf } from "./preflight/resource-checks.ts";
import { settingDifferences } from "./setting-differences.ts";

export interface TestView {
  readonly change: "create" | "update" | "unchanged";
  /** Empty for a test that would be created. */
  readonly differences: readonly Difference[];
}

export interface AzureView {
  readonly checks: readonly Check[];
  /** null: the data plane could not be asked. */
  readonly test: TestView | null;
}

/** The calls of both planes that change nothing. */
export interface ReadingPlanes {
  readonly control: ControlPlane;
  readonly data: (host: string) => Pick<DataPlane, "test" | "appComponents" | "serverMetrics">;
}

/** Whether Azure's file is surely the one with our bytes. */
export type IsKnown = (file: UploadFile, remote: TestFile, test: RemoteTest) => boolean;

interface ViewInput {
  readonly definition: TestDefinition;
  readonly place: ResourcePlace;
  readonly planes: ReadingPlanes;
  /** Principal of this login; null when its token does not say. */
  readonly login: string | null;
  /** @param resourceId as Azure spells it */
  readonly knownFiles: (resourceId: string) => Promise<IsKnown>;
}

/** @throws {AzureError} what no other question would get past: AZURE_UNREACHABLE for all of Azure, AZURE_UNAUTHORIZED */
export const viewAzure = async ({ definition, place, planes, login, knownFiles }: ViewInput): Promise<AzureView> => {
  const { control } = planes;
  const found = await findFirst(loadTestId(place), control);
  const resource = resourceOf(found);
  const read: { state: RemoteState | null } = { state: null };
  const readDataPlane = async (): Promise<void> => {
    if (resource !== null) read.state = await remoteState(planes.data(resource.dataPlaneHost), definition.azure.testId);
  };
  const checks = await preflight({ definition, place, control, found, login, readDataPlane });
  if (resource === null || read.state === null) return { checks, test: null };
  return { checks, test: testView(definition, read.state, await knownFiles(resource.id)) };
};

interface RemoteState {
  readonly test: RemoteTest | null;
  readonly components: AppComponentsBody | null;
  readonly metrics: ServerMetricsBody | null;
}

const remoteState = async (data: ReturnType<ReadingPlanes["data"]>, testId: string): Promise<RemoteState> => {
  const test = await data.test(testId);
  if (test === null) return { test, components: null, metrics: null };
  const [components, metrics] = await Promise.all([data.appComponents(testId), data.serverMetrics(testId)]);
  return { test, components, metrics };
};

const testView = (
  definition: TestDefinition,
  { test, components, metrics }: RemoteState,
  isKnown: IsKnown,
): TestView => {
  if (test === null) return { change: "create", differences: [] };
  const body = testBody(definition, test);
  const differences = [
    ...settingDifferences(testChanges(definition, test)),
    ...entryDifferences(body, test),
    ...componentDifferences(appComponentsBody(definition, components), components),
    ...metricDifferences(serverMetricsBody(definition, metrics), metrics),
    ...fileDifferences(definition.files, test.files, (file, remote) => isKnown(file, remote, test)),
  ];
  return { change: differences.length === 0 ? "unchanged" : "update", differences };
};
