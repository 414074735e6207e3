/** A run in Markdown as a comment on a pull request: the verdict, a few lines, the names that matter most, the rest folded. */
import { verdictMarkdown } from "../../gate/markdown.ts";
import { headlineOf } from "../../gate/verdict-words.ts";
import { countText, durationText, percentText } from "../../record/duration-text.ts";
import { entriesOf } from "../../record/entries-of.ts";
import { generatorVerdict } from "../../record/generator-verdict.ts";
import { code, plain } from "../../record/markdown-text.ts";
import { notMeasured } from "../../record/not-measured.ts";
import { percentileText } from "../../record/percentile-text.ts";
import type { OperationRecord } from "../../record/run-file.ts";
import { type ExportedRun, runSeconds } from "./exported-run.ts";

/** GitHub shows a comment of 65,536 characters at most; a reader far less. */
const MOST_NAMES = 10;
const MOST_REASONS = 5;
const MOST_FOLDED = 50;

const MARK = { PASSED: "✅", FAILED: "❌", INVALID: "⚠️" } as const;

export function* pullRequestMarkdown({ record, verdict }: ExportedRun): Generator<string> {
  const { file } = record;
  const generator = generatorVerdict(file);
  const names = namesByWeight(file.operations);
  const { operations, failures } = verdict.run;
  const seconds = runSeconds(record);
  const reasons = reasonsOf(names.map(([, each]) => each)).slice(0, MOST_REASONS);
  const missing = notMeasured(record).map(({ what }) => plain(what));
  yield lines([
    `### ${MARK[verdict.result]} load test: ${headlineOf(verdict)}`,
    "",
    `- ${countText(operations)} operations in ${durationText(seconds * 1000)}, ${(operations / seconds).toFixed(1)} a second, run ${code(file.id)}`,
    `- ${countText(failures)} failed (${percentText(failures, operations)})${reasons.length > 0 ? `: ${reasons.join(", ")}` : ""}`,
    `- ${countText(file.sessions.peak)} sessions at once, ${countText(file.sessions.leftOpen)} left open`,
    `- load generator: **${generator.level}**${generator.reasons[0] === undefined ? "" : `, ${plain(generator.reasons[0])}`}`,
    `- not measured: ${missing.length === 0 ? "nothing that is known" : missing.join(", ")}`,
    "",
    ...tableOf(names.slice(0, MOST_NAMES)),
    "",
  ]);
  const rest = names.slice(MOST_NAMES, MOST_NAMES + MOST_FOLDED);
  if (rest.length > 0) {
    const left = names.length - MOST_NAMES - rest.length;
    yield folded(`${names.length - MOST_NAMES} more names`, [
      ...tableOf(rest),
      ...(left > 0 ? ["", `${left} further names are in the record.`] : []),
    ]);
  }
  yield folded("criteria and notes", [verdictMarkdown(verdict).trimEnd()]);
}

type Named = readonly [name: string, record: OperationRecord];

/** Most failures first, then those that took most of everybody's time. */
const namesByWeight = (operations: Readonly<Record<string, OperationRecord>>): Named[] =>
  Object.entries(operations).toSorted(
    ([, a], [, b]) => b.failures - a.failures || (b.all.service?.sumMs ?? 0) - (a.all.service?.sumMs ?? 0),
  );

const reasonsOf = (records: readonly OperationRecord[]): string[] => {
  const counts = new Map<string, number>();
  for (const { outcomes } of records) {
    for (const [outcome, { count }] of entriesOf(outcomes)) {
      if (outcome !== "ok" && count > 0) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
    }
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([reason, count]) => `${countText(count)} ${code(reason)}`);
};

const COLUMNS = ["name", "count", "failed", "p50", "p95", "p99"] as const;

/** Service times of `ok` answers in ms; `~` where the sample is too small. */
const tableOf = (names: readonly Named[]): string[] => {
  if (names.length === 0) return ["No operation ended."];
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row([...COLUMNS.slice(0, 3), ...COLUMNS.slice(3).map((column) => `${column} ms`)]),
    row(COLUMNS.map((_, column) => (column === 0 ? "---" : "---:"))),
    ...names.map(([name, { count, failures, outcomes }]) => {
      const service = outcomes.ok?.times.service;
      const percentiles = (["p50Ms", "p95Ms", "p99Ms"] as const).map((key) => percentileText(service, key));
      return row([code(name), countText(count), failures === 0 ? "0" : `**${countText(failures)}**`, ...percentiles]);
    }),
  ];
};

/** Blank lines around: without them what is inside stays plain text. */
const folded = (summary: string, inside: readonly string[]): string =>
  lines(["<details>", `<summary>${summary}</summary>`, "", ...inside, "", "</details>", ""]);

const lines = (texts: readonly string[]): string => `${texts.join("\n")}\n`;
