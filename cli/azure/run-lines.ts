/** What a person reads of a run's events: a line that stays, one that is overwritten, or nothing. */

import { AuthError } from "../../auth/auth-error.ts";
import { AzureError } from "../../azure/azure-error.ts";
import type { LiveFigures, RunEvent } from "../../azure/run/run-event.ts";
import { countText, durationText, msText } from "../../record/duration-text.ts";
import { printable } from "../../record/text-table.ts";

export interface RunLine {
  readonly text: string;
  /** Overwritten by the next on a terminal; elsewhere shown now and then. */
  readonly isPassing: boolean;
}

type Of<What extends RunEvent["what"]> = Extract<RunEvent, { readonly what: What }>;

const stays = (text: string): RunLine => ({ text, isPassing: false });
const passes = (text: string): RunLine => ({ text, isPassing: true });

const CHANGES = {
  created: "created",
  updated: "updated",
  unchanged: "is as configured, nothing was changed",
} as const;

const LINES: { readonly [What in RunEvent["what"]]: (event: Of<What>) => RunLine | null } = {
  test: ({ testId, change }) => stays(`test ${testId} ${CHANGES[change]}`),
  "file-kept": () => null,
  "file-removed": ({ name }) => stays(`removed ${printable(name)}`),
  uploading: ({ name, sentBytes, ofBytes }) =>
    passes(`sending ${printable(name)}  ${bytesText(sentBytes)} of ${bytesText(ofBytes)}`),
  uploaded: ({ name, bytes }) => passes(`sent ${printable(name)} (${bytesText(bytes)})`),
  validating: ({ names, elapsedMs }) =>
    passes(`Azure looks at the files, ${durationText(elapsedMs)}: ${printable(names.join(", "))}`),
  validated: () => stays("Azure has taken the files"),
  started: ({ testRunId, portalUrl }) =>
    stays(`run ${testRunId} started${portalUrl === null ? "" : `\n  ${printable(portalUrl)}`}`),
  "start-unknown": ({ testRunId }) =>
    stays(`nobody knows whether the run was started: swarmbridge azure status ${testRunId}`),
  state: ({ state, elapsedMs }) => stays(`${clockText(elapsedMs)}  ${printable(state)}`),
  progress: ({ state, elapsedMs, figures }) =>
    passes(`${clockText(elapsedMs)}  ${printable(state)}${state === "EXECUTING" ? `  ${figuresText(figures)}` : ""}`),
  retry: ({ error, pauseMs }) => stays(`${sentenceOf(error)}; trying again in ${durationText(pauseMs)}`),
  reconnected: () => stays("Azure answers again"),
  "awaiting-results": ({ elapsedMs }) => passes(`waiting for the results, ${durationText(elapsedMs)}`),
  downloading: ({ name, bytes, ofBytes }) =>
    passes(`fetching ${name}  ${bytesText(bytes)}${ofBytes === null ? "" : ` of ${bytesText(ofBytes)}`}`),
  downloaded: ({ name }) => stays(`fetched ${name}`),
  "link-expired": ({ name }) => stays(`the link to ${name} had expired: asking for another`),
  note: ({ text }) => stays(printable(text)),
};

/** null: nothing to show. */
export const runLine = (event: RunEvent): RunLine | null =>
  (LINES[event.what] as (one: RunEvent) => RunLine | null)(event);

/** `17 users  2.9/s  0.4% errors  p95 812 ms`; `-` where nothing is known. */
const figuresText = ({ users, requestsPerSecond, errorPercent, p95Ms }: LiveFigures): string =>
  [
    `${users === null ? "-" : countText(Math.round(users))} users`,
    `${requestsPerSecond === null ? "-" : requestsPerSecond.toFixed(1)}/s`,
    `${errorPercent === null ? "-" : `${errorPercent.toFixed(1)}%`} errors`,
    `p95 ${p95Ms === null ? "-" : `${msText(p95Ms)} ms`}`,
  ].join("  ");

/** `0:35`, `12:05`, `1:02:05` */
const clockText = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${hours === 0 ? minutes : `${hours}:${two(minutes)}`}:${two(seconds % 60)}`.padStart(7);
};

export const bytesText = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const sentenceOf = (error: Error): string =>
  error instanceof AzureError || error instanceof AuthError ? printable(error.sentence) : error.name;
