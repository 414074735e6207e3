/** Everything that a command about a run works with: Azure, the screen, and how runs are reported. */

import { join } from "node:path";
import { AzureError } from "../../azure/azure-error.ts";
import type { RemoteRun } from "../../azure/plane/data-plane.ts";
import { download, downloadContainer } from "../../azure/plane/download.ts";
import { REAL_CLOCK } from "../../azure/run/clock.ts";
import type { Downloads } from "../../azure/run/fetch-results.ts";
import type { Recorded } from "../../azure/run/record-run.ts";
import type { RunContext } from "../../azure/run/run-context.ts";
import { type RunPlace, readRunPlace, runPlaces } from "../../azure/run/run-place.ts";
import { VERSION } from "../../bridge/version.ts";
import { describeServers } from "../../config/describe.ts";
import type { Output } from "../output.ts";
import { type AzureFile, type Knobs, type OpenAzure, openAzure } from "./open-azure.ts";
import { processPaper, RunScreen } from "./run-screen.ts";

export interface RunDesk extends OpenAzure {
  readonly output: Output;
  readonly screen: RunScreen;
  readonly isJson: boolean;
  readonly context: RunContext & { readonly downloads: Downloads };
}

/** Far above what a run of a day leaves on 400 engines. */
const LARGEST_DOWNLOAD = 64 * 1024 ** 3;

const DOWNLOADS_OF_AZURE: Downloads = {
  file: (url, path, onBytes) => download(url, path, { mostBytes: LARGEST_DOWNLOAD, onBytes }),
  container: async (url, folder, onBytes) => {
    await downloadContainer(url, folder, { mostBytes: LARGEST_DOWNLOAD, onBytes });
  },
};

export const screenOf = ({ redactor }: Output, isJson: boolean): RunScreen =>
  new RunScreen(processPaper(isJson, (text) => redactor.clean(text)));

/** @throws what `openAzure` throws */
export const openDesk = async (
  file: AzureFile,
  { output, isJson, screen = screenOf(output, isJson) }: { output: Output; isJson: boolean; screen?: RunScreen },
  knobs: Knobs,
): Promise<RunDesk> => {
  const open = await openAzure(file, output, knobs);
  const { plane, pace } = open;
  const context = { plane, pace, clock: REAL_CLOCK, tell: screen.tell, downloads: DOWNLOADS_OF_AZURE };
  return { ...open, output, screen, isJson, context };
};

/**
 * The run that was named, or the newest that was submitted from here.
 * @throws {AzureError} AZURE_NO_RUN when there is none; AZURE_NOT_FOUND when the named one is not at Azure either
 */
export const placeOf = async (desk: RunDesk, testRunId: string | undefined): Promise<RunPlace> => {
  const { resultsRoot, resource, plane } = desk;
  const ours = ({ resourceId }: RunPlace): boolean => resourceId.toLowerCase() === resource.id.toLowerCase();
  if (testRunId === undefined) {
    const newest = runPlaces(resultsRoot).find((place) => !place.isForeign && ours(place));
    if (newest !== undefined) return newest;
    throw new AzureError("AZURE_NO_RUN", {
      place: resultsRoot,
      why: `nothing was submitted from here to ${resource.name}`,
    });
  }
  const known = ID.test(testRunId) ? readRunPlace(join(resultsRoot, testRunId)) : null;
  if (known !== null && ours(known)) return known;
  const run = ID.test(testRunId) ? await plane.run(testRunId) : null;
  if (run === null) throw noRun(testRunId, desk);
  return placeOfStranger(desk, run);
};

/** As the service takes them; also keeps a path out of `results/`. */
const ID = /^[a-z0-9_-]{2,50}$/;

const noRun = (testRunId: string, { resource }: RunDesk): AzureError =>
  new AzureError("AZURE_NO_RUN", { place: testRunId.slice(0, 100), why: `${resource.name} has no such run` });

/** Of a run that was started elsewhere: the number of its engines is a property of the test. */
const placeOfStranger = async ({ plane, resource, audience }: RunDesk, run: RemoteRun): Promise<RunPlace> => {
  const test = await plane.test(run.testId);
  return {
    version: 1,
    testRunId: run.testRunId,
    testId: run.testId,
    resourceId: resource.id,
    dataPlaneHost: resource.dataPlaneHost,
    audience,
    engines: test?.loadTestConfiguration?.engineInstances ?? 1,
    plan: { users: run.virtualUsers },
    isForeign: true,
    submittedAt: run.startDateTime ?? new Date().toISOString(),
    portalUrl: run.portalUrl,
    state: run.status,
  };
};

export const runDirOf = ({ resultsRoot }: RunDesk, { testRunId }: Pick<RunPlace, "testRunId">): string =>
  join(resultsRoot, testRunId);

export const recordedOf = (desk: RunDesk, place: RunPlace): Recorded => ({
  runDir: runDirOf(desk, place),
  engines: place.engines,
  plan: place.plan,
  versions: { swarmbridge: VERSION },
  servers: describeServers(desk.file.settings),
});
