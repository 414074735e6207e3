/** The histograms of a record, read once for all who only look at them. Of a long run that takes seconds. */
import { type LoadedRecording, loadRecording, type RunRecord } from "./read-run.ts";

const held = new WeakMap<RunRecord, LoadedRecording>();

/** Not to be changed: others read the same. Whoever adds to a recording takes `loadRecording`. */
export const sharedRecording = (record: RunRecord): LoadedRecording => {
  const known = held.get(record);
  if (known !== undefined) return known;
  const loaded = loadRecording(record);
  held.set(record, loaded);
  return loaded;
};
