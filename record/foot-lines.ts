/** The foot of a summary: what the harness did and used, what the record lacks, where it lies. */

import { isAbsolute, relative, sep } from "node:path";
import { countText, msText } from "./duration-text.ts";
import { surestText } from "./interval-text.ts";
import { DEFAULT_LIMITS, limitsSet } from "./limit-use.ts";
import { type LocustStatistics, locustTexts } from "./locust-differences.ts";
import { clockText } from "./machine-clock.ts";
import { notMeasuredText } from "./not-measured-lines.ts";
import { hasRows, originFacts } from "./origin.ts";
import { ownValue } from "./own-value.ts";
import type { Page } from "./page.ts";
import { hasThinPercentile } from "./percentile-text.ts";
import type { RunRecord } from "./read-run.ts";
import type { RunFile } from "./run-file.ts";
import { byServer } from "./server-part.ts";
import { printable, shortened, wrapped } from "./text-table.ts";
import type { TimesSummary } from "./times.ts";

export const footLines = (record: RunRecord, locust: LocustStatistics | undefined, page: Page): string[] => {
  const { file, dir } = record;
  const { before, after } = file.harnessDelay;
  const facts: (readonly [label: string, text: string, isWarning?: boolean])[] = [];
  facts.push([
    "harness delay",
    `before sending ${halfText(before)}; after the answer ${halfText(after)} (not in the times above)`,
  ]);
  facts.push(["generator", generatorText(file)]);
  facts.push(["hidden", hiddenText(file)]);
  facts.push(...originFacts(file.origin));
  for (const text of sharedTrafficTexts(file)) facts.push(["a/b", text]);
  if (usesDefaultLimits(file)) facts.push(["slo", DEFAULT_LIMITS_TEXT]);
  const cutOff = cutOffText(file);
  if (cutOff !== "") facts.push(["cut off", cutOff]);
  for (const text of gapTexts(file)) facts.push(["gap", text, true]);
  const givenUp = givenUpCount(file);
  if (givenUp > 0) facts.push(["given up", `${countText(givenUp)} ${GIVEN_UP}`, true]);
  const clocks = clockText(file);
  if (clocks !== "") facts.push(["clocks", clocks, true]);
  for (const { part, state } of file.parts) {
    if (state === "running")
      facts.push(["part", `${printable(part)} did not end: it is counted as far as it was written`, true]);
  }
  for (const text of record.damage) facts.push(["damage", printable(text), true]);
  for (const [index, text] of locustTexts(file, locust).entries())
    facts.push([index === 0 ? "locust" : "", text, true]);
  if (hasThinPercentile(Object.values(file.operations)))
    facts.push(["~", "too few ok answers to carry this percentile"]);
  const sure = surestText(record);
  if (sure !== "") facts.push(["sure", sure]);
  const missing = notMeasuredText(record);
  if (missing !== "") facts.push(["not measured", missing]);
  facts.push(["record", printable(shownPath(dir))]);
  const width = Math.max(...facts.map(([label]) => label.length)) + 2;
  return facts.flatMap(([label, text, isWarning]) => {
    // A path is copied: it stays in one piece.
    const body = label === "record" ? [text] : wrapped(text, page.columns - width);
    return body.map((line, index) => {
      const full = `${(index === 0 ? label : "").padEnd(width)}${line}`;
      return isWarning ? page.paint("yellow", full) : full;
    });
  });
};

/** Servers with the traffic of another one (`trafficOf`): what they differ in is not read from the table with the eye. */
const sharedTrafficTexts = ({ servers }: RunFile): string[] =>
  Object.entries(servers).flatMap(([name, { trafficOf }]) =>
    typeof trafficOf === "string"
      ? [printable(`${name} had the traffic of ${trafficOf}: swarmbridge compare --ab says what they differ in`)]
      : [],
  );

/** As somebody in the working folder would type it, where the record lies below that. */
const shownPath = (dir: string): string => {
  const path = relative(process.cwd(), dir);
  const isBelow = path !== "" && !isAbsolute(path) && path.split(sep)[0] !== "..";
  return isBelow ? path : dir;
};

const halfText = ({ count, p50Ms, p99Ms }: TimesSummary): string =>
  count === 0 ? "not measured" : `p50 ${msText(p50Ms)}, p99 ${msText(p99Ms)} ms`;

/** Of some engines' bridges there may be readings, of others not. */
const NOT_OF_ALL = "; not measured where the service's rows were read";

const generatorText = ({ generator, origin }: RunFile): string => {
  if (generator.seconds === 0) return "not measured";
  const { eventLoopDelayP99Ms, bridgeCpu, locustCpu, bridgeRssBytes } = generator;
  const facts = [
    `event loop p99 ${msText(eventLoopDelayP99Ms.mean)} ms late (worst second ${msText(eventLoopDelayP99Ms.max)} ms)`,
    `bridge CPU ${percentOfCore(bridgeCpu.mean)} (peak ${percentOfCore(bridgeCpu.max)})`,
  ];
  if (locustCpu !== null)
    facts.push(`Locust CPU ${percentOfCore(locustCpu.mean)} (peak ${percentOfCore(locustCpu.max)})`);
  facts.push(`${Math.round(bridgeRssBytes.max / 1e6)} MB`);
  return facts.join(", ") + (hasRows(origin) ? NOT_OF_ALL : "");
};

const percentOfCore = (cores: number): string => `${Math.round(cores * 100)}%`;

const hiddenText = ({ hidden, operations, origin }: RunFile): string => {
  const kinds = new Map<string, number>();
  for (const [name, times] of Object.entries(hidden)) {
    const kind = printable(name.slice(name.indexOf(":") + 1));
    kinds.set(kind, (kinds.get(kind) ?? 0) + times);
  }
  const total = [...kinds.values()].reduce((all, times) => all + times, 0);
  if (total === 0) return hasRows(origin) ? "not measured" : "MCP made no requests of its own";
  const most = [...kinds].sort((a, b) => b[1] - a[1]).slice(0, 4);
  const list = most.map(([kind, times]) => `${kind} ${countText(times)}`).join(", ");
  const count = Object.values(operations).reduce((sum, each) => sum + each.count, 0);
  const perOperation = count === 0 ? "" : ` (${(total / count).toFixed(2)} per operation)`;
  return `${countText(total)} requests that MCP made on its own${perOperation}, not counted above: ${list}${kinds.size > 4 ? ", ..." : ""}${hasRows(origin) ? NOT_OF_ALL : ""}`;
};

const CAUSES = {
  "bridge-lost": "a bridge was lost",
  "thread-lost": "the recorder's thread was lost",
  backlog: "the recorder fell behind",
  "at-stop": "Python had counted differently at the end",
  "folder-lost": "the record's folder was removed and written anew",
} as const;

export const gapTexts = (file: RunFile): string[] =>
  file.gaps.map(({ at, cause, lostLatencies }) => {
    const what = Object.keys(file.auth).length === 0 ? "operations" : "operations and tokens";
    const lost =
      lostLatencies === 0 ? "no times are missing" : `${countText(lostLatencies)} ${what} are counted without times`;
    const counts = givenUpCount(file) === 0 ? "; the counts are exact" : "";
    return `${at.slice(11, 19)} ${CAUSES[cause]}: ${lost}${counts}`;
  });

const GIVEN_UP = "operations without an end that Locust saw count as `bridge`, whatever became of them";

const givenUpCount = ({ reconciled }: RunFile): number =>
  Object.values(reconciled).reduce((total, { bridge = 0 }) => total + Math.max(0, bridge), 0);

const DEFAULT_LIMITS_TEXT = `our defaults, p99 ${DEFAULT_LIMITS.p99Ms / 1000} s and ${DEFAULT_LIMITS.errorPercent}% failures, where a server has none`;

const usesDefaultLimits = (file: RunFile): boolean =>
  byServer(file).some(({ name }) => limitsSet(ownValue(file.servers, name)?.slo) === null);

const cutOffText = ({ operations }: RunFile): string => {
  const names = Object.entries(operations)
    .map(([name, { outcomes }]): [string, number] => [name, outcomes.cancelled?.count ?? 0])
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1]);
  if (names.length === 0) return "";
  const list = names.slice(0, 4).map(([name, count]) => `${shortened(printable(name), 60)} ${countText(count)}`);
  return `by the end of the run or by the test itself, no failure of a server: ${list.join(", ")}${names.length > 4 ? ", ..." : ""}`;
};
