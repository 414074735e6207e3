import type { Redactor } from "./redactor.ts";
import { told } from "./told.ts";

/**
 * Puts the redactor before all that this process says: its standard output and error, through which also libraries print
 * when a user switches their debugging on, and its last words when a defect ends it. What native code prints by itself
 * does not come through here.
 */

/** Could not be judged (design, exit codes): what was said and counted is right, the program is not. */
const DEFECT_EXIT_CODE = 2;
const MOST_FRAMES = 20;

/** @param program how it calls itself when a defect ends it */
export const cleanOutput = (redactor: Redactor, program: string): void => {
  for (const stream of [process.stdout, process.stderr]) stream.write = cleanWrite(stream, redactor);
  // `--report-on-signal` and its like write the environment into a file.
  if (process.report !== undefined) process.report.excludeEnv = true;
  // Node itself would print the error and the source line as they are. Rejections that nobody handles come here too.
  process.on("uncaughtException", (error: unknown) => {
    process.stderr.write(`${program}: a defect ended it: ${lastWords(error)}`);
    process.exit(DEFECT_EXIT_CODE);
  });
};

const cleanWrite = (stream: NodeJS.WriteStream, redactor: Redactor): NodeJS.WriteStream["write"] => {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
  return (chunk: unknown, ...rest: readonly unknown[]): boolean => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString();
    const cleaned = cleanSaid(text, redactor);
    return write(cleaned === text ? chunk : cleaned, ...rest);
  };
};

/** JSON is for a program (`describe`, `--json`), which must find the keys that it looks for. */
const cleanSaid = (text: string, redactor: Redactor): string =>
  text.trimStart().startsWith("{") && isJson(text) ? redactor.cleanJson(text) : redactor.clean(text);

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** What a report of a defect needs: the kind of error, its message, and where it was. Not its cause or its properties. */
const lastWords = (error: unknown): string => {
  const kind = error instanceof Error ? error.name : "thrown value";
  const frames = error instanceof Error ? framesOf(error.stack ?? "") : [];
  return [`${kind}: ${told(error).message}`, ...frames, ""].join("\n");
};

const framesOf = (stack: string): readonly string[] =>
  stack
    .split("\n")
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, MOST_FRAMES);
