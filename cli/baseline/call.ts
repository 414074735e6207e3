/** `swarmbridge baseline call`: calls one tool some hundred times in one session, one after the other, and compares the mean. */

import { readFileSync } from "node:fs";
import {
  type Baseline,
  baselineJson,
  baselineOf,
  judgeBaseline,
  parseBaseline,
} from "../../capacity/baseline/baseline.ts";
import { isFile } from "../../config/find-file.ts";
import { countText, msText } from "../../record/duration-text.ts";
import { printable } from "../../record/text-table.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import { loadFor } from "../load-for.ts";
import { type LoneEnd, LoneSessions } from "../lone-sessions.ts";
import type { Output } from "../output.ts";
import { toolCallOf } from "../probe/tool-call.ts";
import { serversNamed } from "../servers-named.ts";
import { timeOf } from "../time-option.ts";
import { writeNamedFile } from "../written-file.ts";

export interface CallOptions {
  readonly server: string;
  readonly tool: string;
  readonly args?: string;
  readonly calls?: number;
  readonly warmUp?: number;
  /** Limit of the mean. */
  readonly mean?: string;
  readonly baseline?: string;
  readonly write?: boolean;
  readonly config?: string;
  readonly json?: boolean;
}

const DEFAULT_FILE = "call-baseline.json";
/** R46. */
const CALLS = 100;
const WARM_UP = 5;

/**
 * @returns the exit code
 * @throws {CommandError} for options, servers and files that are none
 * @throws {ConfigError} what `loadFor` throws
 */
export const baselineCall = async (options: CallOptions, output: Output): Promise<number> => {
  const { env, redactor, print, style } = output;
  const tell = (text: string): void => (options.json === true ? undefined : print(redactor.clean(text)));
  const say = (text: string, told: object): void => {
    if (options.json === true) print(redactor.cleanJson(JSON.stringify({ version: 1, ...told })));
    else tell(text);
  };
  const settings = loadFor(options.config);
  const [server] = serversNamed(settings, options.server);
  const params = { name: options.tool, arguments: toolCallOf(options)?.args ?? {} };
  const limitMs = options.mean === undefined ? null : timeOf("--mean", options.mean);
  const file = options.baseline ?? DEFAULT_FILE;
  const stored = storedAt(file, options);
  const sessions = new LoneSessions({ settings, env, redactor, note: (text) => tell(style.dim(text)) });
  try {
    const opened = await sessions.open(server?.name ?? "");
    if (opened.failure !== null) return notMade(opened, "initialize", say);
    const times: number[] = [];
    const [warmUp, calls] = [options.warmUp ?? WARM_UP, options.calls ?? CALLS];
    for (let call = 0; call < warmUp + calls; call++) {
      const ended = await sessions.call(opened.session, "tools/call", params);
      if (ended.failure !== null) return notMade(ended, `call ${call + 1} of ${warmUp + calls}`, say);
      if (call >= warmUp) times.push(ended.ms);
    }
    await sessions.close(opened.session);
    const now = baselineOf(times, { server: options.server, tool: options.tool, takenAt: new Date().toISOString() });
    const { result, lines } = judgeBaseline(now, stored, limitMs);
    say([figuresText(now), ...lines.map((line) => `  ${line}`)].join("\n"), { result, now, stored });
    if (options.write === true) {
      writeNamedFile("--baseline", file, redactor.cleanJson(baselineJson(now)));
      tell(`  written to ${file}`);
    }
    return result === "held" ? EXIT.fine : EXIT.failed;
  } finally {
    await sessions.end();
  }
};

/** A mean that leaves failures out would be one of other calls. */
const notMade = ({ failure }: LoneEnd, step: string, say: (text: string, told: object) => void): number => {
  const reason = failure?.reason ?? "unknown";
  const detail = failure?.detail === undefined ? "" : `: ${printable(failure.detail)}`;
  say(`no baseline: ${step} failed (${reason})${detail}`, { result: "failed", step, reason });
  return ANSWERS.has(reason) ? EXIT.failed : EXIT.refused;
};

/** Failures that say that the server is there, and answers otherwise than it did. */
const ANSWERS: ReadonlySet<string> = new Set(["tool-error", "json-rpc-error"]);

const figuresText = ({
  server,
  tool,
  calls,
  meanMs,
  meanLowMs,
  meanHighMs,
  medianMs,
  p95Ms,
  minMs,
  maxMs,
}: Baseline): string =>
  `${printable(server)}, ${printable(tool)}: ${countText(calls)} ${calls === 1 ? "call" : "calls one after the other"}, mean ${msText(meanMs)} ms` +
  (meanLowMs === null || meanHighMs === null ? "" : ` (${msText(meanLowMs)} to ${msText(meanHighMs)}, 95% sure)`) +
  `, median ${msText(medianMs)}, p95 ${msText(p95Ms)}, ` +
  `${msText(minMs)} to ${msText(maxMs)} ms`;

/** None is needed the first time, nor to write one. */
const storedAt = (file: string, { baseline: named, write, server, tool }: CallOptions): Baseline | null => {
  if (!isFile(file)) {
    if (named === undefined || write === true) return null;
    throw new CommandError(`--baseline names ${file}, which is not a file: --write makes one`);
  }
  const stored = parseBaseline(readFileSync(file, "utf8"));
  if (stored === null) throw new CommandError(`${file} is no baseline of this version: name another with --baseline`);
  if (stored.server === server && stored.tool === tool) return stored;
  throw new CommandError(
    `${file} is the baseline of ${printable(stored.tool)} of ${printable(stored.server)}: name another file with --baseline`,
  );
};
