/** Questions to the latency log of a record. */
import { join } from "node:path";
import { Answers, type Question, type ReadableRecord } from "./answers.ts";
import { type LogReader, walkLog } from "./log-walk.ts";
import { LATENCIES } from "./record-files.ts";

export type LogQuestion<Found> = Question<LogReader, Found>;

/** Without keeping an answer: for who looks at many records. */
export const readLog = ({ dir, file }: ReadableRecord, readers: readonly LogReader[]): void =>
  walkLog(join(dir, LATENCIES), file.files.latencyBytes, readers);

export const logAnswers = new Answers<LogReader>(readLog);
