/** What of a server's answers came as streams, what it said of its progress, and what else it told and asked. */

import { countedText, countText, msText } from "./duration-text.ts";
import type { FactTimes } from "./facts/fact-times.ts";
import type { Streams } from "./facts/streams.ts";
import { ownValue } from "./own-value.ts";
import { indented, type Page } from "./page.ts";
import type { RunRecord } from "./read-run.ts";
import { printable } from "./text-table.ts";

/** Operations with a line; those with the largest gaps. */
const MOST_OPERATIONS = 2;
const MOST_KINDS = 5;

/** @returns nothing for a server that answered everything at once and said nothing else */
export const streamLines = (server: string, { file }: RunRecord, { columns, paint }: Page): string[] => {
  const { streams = {}, fromServer = {} } = file.facts;
  const own = Object.entries(streams).filter(([name]) => name.startsWith(`${server}:`));
  const texts = own
    .sort(([, a], [, b]) => b.largestGapMs - a.largestGapMs)
    .slice(0, MOST_OPERATIONS)
    .flatMap(([name, each]) => operationText(printable(name.slice(server.length + 1)), each));
  const said = ownValue(fromServer, server);
  if (said !== undefined) texts.push(saidText(said));
  return texts.flatMap((text) => indented(text, columns)).map((line) => paint("dim", line));
};

const operationText = (
  name: string,
  { streams, events, gaps, largestGapMs, progress }: Streams[string],
): readonly string[] => {
  const facts: string[] = [];
  if (streams > 0) {
    const gapText = gaps.count === 0 ? "" : `, gaps p50 ${msText(gaps.p50Ms)} ms, at most ${msText(largestGapMs)} ms`;
    facts.push(`${countedText(streams, "stream")} of ${countText(events)} events${gapText}`);
  }
  if (progress.told > 0) facts.push(`first progress after ${timesText(progress.first)}`);
  const untold = progress.asked - progress.told;
  if (untold > 0) facts.push(`${countText(untold)} of ${countedText(progress.asked, "call")} told of no progress`);
  return facts.length === 0 ? [] : [`${name}: ${facts.join("; ")}`];
};

const saidText = ({
  counts,
  answered,
  unanswered,
}: {
  readonly counts: Readonly<Record<string, number | undefined>>;
  readonly answered: FactTimes;
  readonly unanswered: number;
}): string => {
  const kinds = Object.entries(counts).map(([kind, times = 0]) => [kind, times] as const);
  const most = kinds.sort(([, a], [, b]) => b - a).slice(0, MOST_KINDS);
  const others = kinds.slice(MOST_KINDS).reduce((sum, [, times]) => sum + times, 0);
  const list = most.map(([kind, times]) => `${kind} ${countText(times)}`);
  if (others > 0) list.push(`others ${countText(others)}`);
  const facts = [list.join(", ")];
  if (answered.count > 0) facts.push(`answers sent after ${timesText(answered)}`);
  if (unanswered > 0) facts.push(`${countText(unanswered)} came too fast to be answered`);
  return `from the server: ${facts.join("; ")}`;
};

const timesText = ({ count, p50Ms, maxMs }: FactTimes): string =>
  count === 1 ? `${msText(maxMs)} ms` : `p50 ${msText(p50Ms)} ms, at most ${msText(maxMs)} ms`;
