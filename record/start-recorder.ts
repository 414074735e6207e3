/** Opens run records: checks where one is to lie, and starts the recorder that writes it. */
import { join } from "node:path";
import { RecordError } from "./record-error.ts";
import type { Recorder, RunIdentity } from "./recorder.ts";
import type { Tally } from "./sample.ts";
import { ThreadRecorder, type ThreadRecorderOptions } from "./thread-recorder.ts";

export interface RecorderOptions extends Omit<ThreadRecorderOptions, "entry"> {
  /** Python's counts, when a bridge before this one was lost in the same run. */
  readonly tally?: Tally | null;
  /**
   * File that calls `runRecorderThread` when it is not on the main thread. Default: from the sources, the entry beside this
   * file; in a bundle, the bundle.
   */
  readonly entry?: string | URL;
}

/**
 * Begins a record, or continues the one that a killed process left in the same place.
 * @param resultsRoot the record's folder is `<resultsRoot>/<id>`, or `<resultsRoot>/<id>/parts/<part>`
 * @throws {RecordError} RECORD_BAD_NAME, RECORD_NOT_WRITABLE, RECORD_EXISTS, RECORD_SCHEMA, RECORD_BROKEN, RECORD_THREAD
 */
export const startRecorder = async (
  identity: RunIdentity,
  resultsRoot: string,
  options: RecorderOptions = {},
): Promise<Recorder> => {
  for (const name of [identity.id, identity.part ?? "main"]) {
    if (!FOLDER_NAME.test(name)) throw new RecordError("RECORD_BAD_NAME");
  }
  const runDir = join(resultsRoot, identity.id);
  const dir = identity.part === null ? runDir : join(runDir, "parts", identity.part);
  const recorder = new ThreadRecorder(identity, dir, { ...options, entry: options.entry ?? defaultEntry() });
  await recorder.begin(options.tally ?? null);
  return recorder;
};

/** One path segment that can neither climb nor hide. */
const FOLDER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** In a bundle there is no `import.meta.url`, and the program's own file is the entry. */
const defaultEntry = (): string | URL => {
  const here: string | undefined = import.meta.url;
  return here === undefined ? (process.argv[1] ?? "") : new URL("./thread-entry.ts", here);
};
