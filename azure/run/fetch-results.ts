/** Downloads what a run left at Azure into `azure/` of its record's folder. A file that is there is whole: it is not fetched again. */

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { AzureError } from "../azure-error.ts";
import type { RemoteRun } from "../plane/data-plane.ts";
import { fresh } from "./await-results.ts";
import { isPassing } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";

/** A link lives for an hour: two that expire in a row are bad luck, four are something else. */
const MOST_LINKS = 4;

/** How files are had from a link. Rejects with AZURE_LINK_EXPIRED when a new link would help. */
export interface Downloads {
  /** Writes the whole file or none. */
  readonly file: (url: string, path: string, onBytes: (bytes: number, ofBytes: number | null) => void) => Promise<void>;
  /** All files of a container, into this folder. */
  readonly container: (
    url: string,
    folder: string,
    onBytes: (bytes: number, ofBytes: number | null) => void,
  ) => Promise<void>;
}

/** Where downloaded files lie, in the folder of a record. */
export const DOWNLOADS = "azure";

/** In the order in which they are fetched. Only the results are needed; the others are for people. */
const FILES = [
  { of: "results", name: "results.zip", isNeeded: true },
  { of: "logs", name: "logs.zip", isNeeded: false },
  { of: "report", name: "report.zip", isNeeded: false },
] as const;

/** @param name in the folder of the downloads */
export const isExtra = (name: string): boolean => FILES.some((file) => file.name === name && !file.isNeeded);

/**
 * @param run with its results, as `awaitResults` returned it
 * @throws {AzureError} for the results; what cannot be had of the rest is a note
 */
export const fetchResults = async (
  context: RunContext & { readonly downloads: Downloads },
  run: RemoteRun,
  runDir: string,
): Promise<void> => {
  const { tell } = context;
  const folder = join(runDir, DOWNLOADS);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (run.artifacts.results === null && run.artifacts.container !== null) {
    await fetchOne(context, run, { name: "container", path: join(folder, "container"), of: "container" });
  }
  for (const { of, name, isNeeded } of FILES) {
    if (run.artifacts[of] === null || existsSync(join(folder, name))) continue;
    try {
      await fetchOne(context, run, { name, path: join(folder, name), of });
    } catch (error) {
      if (isNeeded || !(error instanceof AzureError)) throw error;
      tell({ what: "note", text: `${name} could not be downloaded: ${error.sentence}` });
    }
  }
};

interface Wanted {
  readonly of: keyof RemoteRun["artifacts"];
  readonly name: string;
  readonly path: string;
}

const fetchOne = async (
  context: RunContext & { readonly downloads: Downloads },
  run: RemoteRun,
  { of, name, path }: Wanted,
): Promise<void> => {
  const { clock, pace, tell, downloads } = context;
  const onBytes = (bytes: number, ofBytes: number | null): void => tell({ what: "downloading", name, bytes, ofBytes });
  let link = run.artifacts[of];
  for (let links = 1; ; links += 1) {
    if (link === null) throw new AzureError("AZURE_NO_RESULTS", { place: name, why: "its link is gone" });
    try {
      await downloads[of === "container" ? "container" : "file"](link.url, path, onBytes);
      tell({ what: "downloaded", name });
      return;
    } catch (error) {
      const isExpired = error instanceof AzureError && error.code === "AZURE_LINK_EXPIRED";
      if (links >= MOST_LINKS || !(isExpired || isPassing(error))) throw error;
      if (isExpired) tell({ what: "link-expired", name });
      else {
        tell({ what: "retry", error, pauseMs: pace.firstPauseMs });
        await clock.sleep(pace.firstPauseMs);
      }
      link = (await fresh(context, run.testRunId)).artifacts[of];
    }
  }
};
