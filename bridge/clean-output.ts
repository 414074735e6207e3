import type { Redactor } from "./redactor.ts";
import { told } from "./told.ts";

/**
 * Puts the redactor before all that this process says: its standard output and error, through which also libraries print
 * when a user switches their debugging on, and its last words when a defect ends it. What native code prints by itself
 * does not come through here.
 */

/** Could not be judged (design, exit codes): the run's counts are right, the bridge is not. */
const DEFECT_EXIT_CODE = 2;
const MOST_FRAMES = 20;

export const cleanOutput = (redactor: Redactor, on: NodeJS.Process = process): void => {
  for (const stream of [on.stdout, on.stderr]) stream.write = cleanWrite(stream, redactor);
  // `--report-on-signal` and its like write the environment into a file.
  if (on.report !== undefined) on.report.excludeEnv = true;
  // Node itself would print the error and the source line as they are. Rejections that nobody handles come here too.
  on.on("uncaughtException", (error: unknown) => {
    on.stderr.write(lastWords(error));
    on.exit(DEFECT_EXIT_CODE);
  });
};

const cleanWrite = (stream: NodeJS.WriteStream, redactor: Redactor): NodeJS.WriteStream["write"] => {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
  return (chunk: unknown, ...rest: readonly unknown[]): boolean => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString();
    const cleaned = redactor.clean(text);
    return write(cleaned === text ? chunk : cleaned, ...rest);
  };
};

/** What a report of a defect needs: the kind of error, its message, and where it was. Not its cause or its properties. */
const lastWords = (error: unknown): string => {
  const kind = error instanceof Error ? error.name : "thrown value";
  const frames = error instanceof Error ? framesOf(error.stack ?? "") : [];
  return [`bridge: a defect ended it: ${kind}: ${told(error).message}`, ...frames, ""].join("\n");
};

const framesOf = (stack: string): readonly string[] =>
  stack
    .split("\n")
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, MOST_FRAMES);
