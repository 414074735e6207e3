/** Shows a run as it goes: on a terminal one line at the bottom that changes, elsewhere a line for each change and every 30 s. */

import { AuthError } from "../../auth/auth-error.ts";
import { AzureError } from "../../azure/azure-error.ts";
import type { RunEvent } from "../../azure/run/run-event.ts";
import { bytesText, runLine } from "./run-lines.ts";

/** A log of a run of a day has some thousand of these lines at most. */
const PLAIN_EVERY_MS = 30_000;

const CLEAR_LINE = "\r\u001b[2K";

export interface Paper {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly columns: () => number;
  readonly nowMs: () => number;
  /** Takes secrets out. */
  readonly clean: (text: string) => string;
}

export class RunScreen {
  readonly #paper: Paper;
  #passing: string | null = null;
  readonly #files = { kept: 0, sent: 0, sentBytes: 0 };
  #shownAtMs: number;
  #isHeld = false;
  /** Codes of the errors of this outage. */
  readonly #saidErrors = new Set<string>();

  constructor(paper: Paper) {
    this.#paper = paper;
    this.#shownAtMs = paper.nowMs();
  }

  readonly tell = (event: RunEvent): void => {
    if (event.what === "file-kept") this.#files.kept += 1;
    if (event.what === "uploaded") {
      this.#files.sent += 1;
      this.#files.sentBytes += event.bytes;
    }
    if (!FILE_EVENTS.has(event.what)) this.#sayFiles();
    const line = runLine(event);
    if (line === null) return;
    const isRepeated = this.#isRepeated(event);
    if (line.isPassing || isRepeated) this.#pass(line.text);
    else this.say(line.text);
  };

  /** A line that stays. */
  say(text: string): void {
    this.#clear();
    // Below the question that stands there.
    if (this.#isHeld) this.#paper.write("\n");
    this.#paper.write(`${this.#paper.clean(text)}\n`);
    this.#shownAtMs = this.#paper.nowMs();
  }

  /** Nothing is overwritten while somebody is asked something. */
  hold(isHeld: boolean): void {
    this.#clear();
    this.#isHeld = isHeld;
  }

  /** Before somebody else writes. */
  close(): void {
    this.#sayFiles();
    this.#clear();
  }

  #pass(text: string): void {
    const { isTerminal, columns, write, clean, nowMs } = this.#paper;
    if (this.#isHeld) return;
    if (isTerminal) {
      this.#passing = text;
      write(CLEAR_LINE + clean(text).slice(0, columns() - 1));
    } else if (nowMs() - this.#shownAtMs >= PLAIN_EVERY_MS) this.say(text);
  }

  /** Of an outage the first line of each kind stays; that it lasts is no news. */
  #isRepeated(event: RunEvent): boolean {
    if (event.what !== "retry") {
      this.#saidErrors.clear();
      return false;
    }
    const { error } = event;
    const kind = error instanceof AzureError || error instanceof AuthError ? error.code : error.name;
    const isRepeated = this.#saidErrors.has(kind);
    this.#saidErrors.add(kind);
    return isRepeated;
  }

  #clear(): void {
    if (this.#passing !== null) this.#paper.write(CLEAR_LINE);
    this.#passing = null;
  }

  /** Of some dozen files nobody wants a line each. */
  #sayFiles(): void {
    const { kept, sent, sentBytes } = this.#files;
    Object.assign(this.#files, { kept: 0, sent: 0, sentBytes: 0 });
    if (sent > 0) this.say(`sent ${files(sent)} (${bytesText(sentBytes)})`);
    if (kept > 0) this.say(`${files(kept)} not sent: unchanged since the last upload`);
  }
}

const files = (count: number): string => (count === 1 ? "1 file" : `${count} files`);

/** What comes between the first file and the last. */
const FILE_EVENTS: ReadonlySet<RunEvent["what"]> = new Set([
  "file-kept",
  "file-removed",
  "uploading",
  "uploaded",
  "retry",
  "reconnected",
]);

/** Standard output; with `isJson` standard error, because the one JSON object is alone on standard output. */
export const processPaper = (isJson: boolean, clean: (text: string) => string): Paper => {
  const stream = isJson ? process.stderr : process.stdout;
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true && process.env.TERM !== "dumb" && process.env.CI === undefined,
    // Read each time: a terminal is resized; one that does not know its width says 0.
    columns: () => stream.columns || 80,
    nowMs: () => performance.now(),
    clean,
  };
};
