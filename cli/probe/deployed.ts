/** `swarmbridge probe deployed`: did the handshake's latency hold after a deployment? */

import { CONFIDENCE_PERCENT, type DeployedVerdict, judgeDeployed } from "../../capacity/probe/deployed.ts";
import { parseDuration } from "../../config/duration.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { timeOf } from "../time-option.ts";
import { historyPath, leftOutLines, readHistory } from "./history-file.ts";

export interface DeployedOptions {
  readonly server: string;
  readonly at: string;
  readonly window?: string;
  readonly history?: string;
  readonly json?: boolean;
}

const DEFAULT_WINDOW = "24h";

const EXIT_OF_VERDICT = {
  held: EXIT.fine,
  dropped: EXIT.fine,
  risen: EXIT.failed,
  "fails-more": EXIT.failed,
  "not-judged": EXIT.notJudged,
} as const satisfies Record<DeployedVerdict, number>;

const TEXTS = {
  held: "held",
  dropped: "dropped",
  risen: "risen: a regression",
  "fails-more": "fails more often: a regression",
  "not-judged": "cannot be judged",
} as const satisfies Record<DeployedVerdict, string>;

/** @throws {CommandError} for a time or history that is none */
export const deployed = (options: DeployedOptions, { env, print, redactor }: Output): number => {
  const { server, at, window = DEFAULT_WINDOW, history } = options;
  const found = readHistory(historyPath(history, resultsFolder(env), server));
  const atMs = momentOf(at);
  const judged = judgeDeployed(found.probes, { atMs, windowMs: timeOf("--window", window) });
  if (options.json === true) {
    const told = {
      version: 1,
      server,
      at: new Date(atMs).toISOString(),
      confidencePercent: CONFIDENCE_PERCENT,
      ...judged,
    };
    print(redactor.cleanJson(JSON.stringify(told)));
  } else {
    const { verdict, why, before, after } = judged;
    const sure =
      verdict === "risen" || verdict === "dropped" || verdict === "fails-more" ? `, ${CONFIDENCE_PERCENT}% sure` : "";
    const text = `${server}: ${TEXTS[verdict]}${sure}. ${why} (${before.probes} and ${after.probes} probes)`;
    print(redactor.clean([text, ...leftOutLines(found).map((line) => `  ${line}`)].join("\n")));
  }
  return EXIT_OF_VERDICT[judged.verdict];
};

/** A date, or how long ago. */
const momentOf = (text: string): number => {
  const agoMs = parseDuration(text);
  const atMs = agoMs === null ? Date.parse(text) : Date.now() - agoMs;
  if (/^\d{4}-\d\d-\d\d/.test(text) || agoMs !== null) if (!Number.isNaN(atMs)) return atMs;
  throw new CommandError(`--at ${text} is no time: write it as 2026-11-21T10:30:00Z, or 2h for two hours ago`);
};
