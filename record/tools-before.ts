/** The tools that a run's servers listed the last time: in the newest earlier record that lies beside it. */

import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ToolsRecord } from "./facts/tools.ts";
import { ownValue } from "./own-value.ts";
import { type RunRecord, readRun } from "./read-run.ts";
import { RecordError } from "./record-error.ts";
import type { RunFile } from "./run-file.ts";

/** Records that are looked at, the newest first: a folder may hold thousands. */
const MOST_LOOKED_AT = 30;

/** As the ids of runs begin that we made: the time. Others order nothing. */
const OUR_ID = /^\d{8}-\d{6}-/;

export interface ToolsBefore {
  /** Id of that run. */
  readonly run: string;
  readonly tools: ToolsRecord;
}

/** @returns by server; one that was not tested before, or at another URL, is absent */
export const toolsBefore = ({ dir, file }: RunRecord): ReadonlyMap<string, ToolsBefore> => {
  const found = new Map<string, ToolsBefore>();
  const wanted = new Set(Object.keys(file.facts.tools ?? {}));
  const folder = dirname(resolve(dir));
  for (const id of wanted.size === 0 ? [] : earlierIds(folder, basename(resolve(dir)))) {
    const earlier = fileOf(join(folder, id));
    for (const server of wanted) {
      const tools = ownValue(earlier?.facts.tools, server);
      if (earlier === null || tools === undefined || urlOf(earlier, server) !== urlOf(file, server)) continue;
      found.set(server, { run: id, tools });
      wanted.delete(server);
    }
    if (wanted.size === 0) break;
  }
  return found;
};

const earlierIds = (folder: string, own: string): string[] => {
  if (!OUR_ID.test(own)) return [];
  const earlier = readdirSync(folder).filter((id) => OUR_ID.test(id) && id < own);
  return earlier.sort().reverse().slice(0, MOST_LOOKED_AT);
};

const fileOf = (dir: string): RunFile | null => {
  try {
    return readRun(dir).file;
  } catch (error) {
    if (error instanceof RecordError) return null; // What an older version or a killed process left, or no run at all.
    throw error;
  }
};

const urlOf = (file: RunFile, server: string): unknown => ownValue(file.servers, server)?.url;
