/** Folders of rehearsals among the temporary files: made, removed, and swept when a rehearsal could not remove its own. */

import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../azure/process-alive.ts";

const PREFIX = "swarmbridge-rehearsal-";
/** Carries the id of the process whose it is; one that is to be kept carries none. */
const SWEPT = /^swarmbridge-rehearsal-(\d+)-/;

/** @param keep nobody sweeps it */
export const makePlace = (keep: boolean): string =>
  mkdtempSync(join(tmpdir(), `${PREFIX}${keep ? "kept" : process.pid}-`));

/** With the rights that an engine's folder was denied. */
export const removePlace = (place: string): void => {
  for (const entry of readdirSync(place, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o700);
  }
  rmSync(place, { recursive: true, force: true });
};

/** Removes this user's folders whose rehearsal was killed. An engine that it left ends after its run time, with nothing kept. */
export const sweepPlaces = (): void => {
  for (const name of readdirSync(tmpdir())) {
    const owner = SWEPT.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const place = join(tmpdir(), name);
    try {
      const { uid } = lstatSync(place);
      if (process.getuid === undefined || process.getuid() === uid) removePlace(place);
    } catch {
      // Another rehearsal sweeps it, or an engine still writes there: the next one gets it.
    }
  }
};
