import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { seededDice } from "../../bench/truth/seeded-dice.ts";
import { KINDS, type LogLine, lineOf, logHead, type Series, tagOf } from "../../record/latency-log.ts";
import { type LogReader, walkLog } from "../../record/log-walk.ts";
import { Times } from "../../record/times.ts";

const path = join(mkdtempSync(join(tmpdir(), "log-walk-")), "latency.hlog");
const dice = seededDice(11);
const below = (most: number): number => Math.floor(dice() * most);

/** From one value to so many that the line is compressed, from a microsecond to more than the hour that has buckets. */
const drawnTimes = (): Times => {
  const times = new Times();
  for (let left = [1, 3, 40, 4_000][below(4)] ?? 1; left > 0; left--) times.record(Math.ceil(10 ** (dice() * 9.7)));
  return times;
};

const drawnSeries = (): Series => {
  if (below(10) === 0) return { half: below(2) === 0 ? "before" : "after" };
  const name = ["learn:ping", "learn:tools/call:a,b;c", "docs:tools/call:größe", ""][below(4)] ?? "";
  const outcome = (["ok", "timeout", "http-503"] as const)[below(3)] ?? "ok";
  return { name, outcome, kind: KINDS[below(KINDS.length)] ?? "service", isMoved: below(8) === 0 };
};

const drawn: LogLine[] = Array.from({ length: 600 }, () => ({
  series: drawnSeries(),
  startSecond: 1_772_359_201 + below(5) + below(2) / 8,
  seconds: 1,
  times: drawnTimes(),
}));

const FOREIGN = ["Tag=somebody,1.000,1.000,2.000,HISTFAAAABB4nJNpmSzMwMDAxAABzFCaCQBNHAE3", "Tag=", "Tag", "nonsense"];

beforeAll(() => {
  const torn = lineOf(drawn[0] as LogLine).slice(0, -9);
  const lines = [...drawn.map(lineOf), ...[...FOREIGN, torn].map((line) => `${line}\n`)];
  for (let at = lines.length - 1; at > 0; at--) {
    const other = below(at + 1);
    [lines[at], lines[other]] = [lines[other] ?? "", lines[at] ?? ""];
  }
  writeFileSync(path, logHead(0) + lines.join(""));
});

/** What was told of a line, as text. */
const told = (how: string, { series, startSecond, seconds, times }: LogLine): string =>
  JSON.stringify([how, tagOf(series), startSecond, seconds, times.maxUs, times.buckets()]);

const isMoved = (series: Series): boolean => "name" in series && series.isMoved === true;

class Heard implements LogReader {
  readonly lines: string[] = [];
  readonly asked: string[] = [];
  readonly #wants: (series: Series) => boolean;

  constructor(wants: (series: Series) => boolean) {
    this.#wants = wants;
  }
  isWanted(series: Series): boolean {
    this.asked.push(tagOf(series));
    return this.#wants(series);
  }
  take(line: LogLine): void {
    this.lines.push(told("take", line));
  }
  takeBack(line: LogLine): void {
    this.lines.push(told("take back", line));
  }
}

const WANTS = {
  all: () => true,
  "service times of ok answers": (series) => "name" in series && series.outcome === "ok" && series.kind === "service",
  "what the harness added": (series) => "half" in series,
  nothing: () => false,
} as const satisfies Record<string, (series: Series) => boolean>;

const walk = (readers: readonly LogReader[]): { comments: number; broken: number } => {
  const found = { comments: 0, broken: 0 };
  walkLog(path, Number.POSITIVE_INFINITY, readers, {
    comment: () => {
      found.comments += 1;
    },
    broken: () => {
      found.broken += 1;
    },
  });
  return found;
};

test("in one walk each reader hears the lines that it wants as they were written, and no others", () => {
  const readers = Object.entries(WANTS).map(([name, wants]) => ({ name, wants, heard: new Heard(wants) }));
  walk(readers.map(({ heard }) => heard));
  for (const { name, wants, heard } of readers) {
    const written = drawn
      .filter(({ series }) => wants(series))
      .map((line) => told(isMoved(line.series) ? "take back" : "take", line));
    expect(heard.lines.toSorted(), name).toEqual(written.toSorted());
    const alone = new Heard(wants);
    walk([alone]);
    expect(alone.lines, name).toEqual(heard.lines);
    expect(heard.asked.length, name).toBe(new Set(heard.asked).size);
  }
});

test("what takes times back is told behind all that counts them", () => {
  const heard = new Heard(() => true);
  walk([heard]);
  const first = heard.lines.findIndex((line) => line.startsWith('["take back"'));
  expect(first).toBeGreaterThan(400);
  expect(heard.lines.slice(first).every((line) => line.startsWith('["take back"'))).toBe(true);
});

test("the head's lines, those of others and torn ones are told apart and counted", () => {
  expect(walk([new Heard(() => true)])).toEqual({ comments: 4, broken: FOREIGN.length + 1 });
});
