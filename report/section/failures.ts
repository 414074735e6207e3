/** What failed, why, when and by whose doing, with redacted examples; and what of the counts came by another way. */
import { countedText, countText, percentText } from "../../record/duration-text.ts";
import { entriesOf } from "../../record/entries-of.ts";
import type { FailureGroup } from "../../record/failure-samples.ts";
import { gapTexts } from "../../record/foot-lines.ts";
import { endedOf } from "../../record/limit-use.ts";
import { OUTCOMES, type Outcome, REASONS, type Reason } from "../../record/reason.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { ReportContext } from "../context.ts";
import type { Bars, Block, Section, Table } from "../document.ts";
import { sentences, sumOf } from "../over-time/column-facts.ts";
import { TimeSlots } from "../over-time/time-slots.ts";
import type { OverTime } from "../over-time.ts";

/** Reasons with a colour of their own. */
const MOST_REASONS = 8;
const MOST_BARS = 75;
const SHOWN_ROWS = 20;
const MOST_ROWS = 500;
/** Of the kinds of failures, in the order of how often they came. */
const MOST_EXAMPLE_GROUPS = 40;

export const failuresSection = (context: ReportContext): Section | null => {
  const { file, failures } = context.record;
  const kinds = kindsOf(file);
  const gaps = [...gapBlocks(file), ...damageBlocks(context.record.damage)];
  if (kinds.length === 0 && gaps.length === 0) return null;
  return {
    id: "failures",
    title: "Failures",
    blocks: [
      ...(kinds.length === 0 ? [] : [...chartOf(context.overTime()), reasonsTable(file, kinds), kindsTable(kinds)]),
      ...examples(kinds, failures),
      ...gaps,
    ],
  };
};

interface Kind {
  readonly name: string;
  readonly outcome: Reason;
  readonly count: number;
}

/** Each operation and reason, the most frequent first. */
const kindsOf = ({ operations }: RunFile): Kind[] =>
  Object.entries(operations)
    .flatMap(([name, { outcomes }]) =>
      entriesOf(outcomes).flatMap(([outcome, { count }]) =>
        outcome === "ok" || count === 0 ? [] : { name, outcome, count },
      ),
    )
    .sort((a, b) => b.count - a.count);

/** Whose doing a family of reasons is, as docs/measurement.md has it. */
const WHOSE = {
  wire: "the wire's",
  server: "the server's",
  tool: "the tool's",
  user: "the test's own judgement",
  ours: "this machine's, or the end of the run",
  unknown: "nobody knows",
} as const satisfies Record<(typeof REASONS)[Reason]["family"], string>;

const chartOf = ({ slots, timeline }: OverTime): Bars[] => {
  const reasons = [...timeline.reasons].sort(([, a], [, b]) => sumOf(b) - sumOf(a));
  if (reasons.length === 0) return [];
  const stretches = new TimeSlots(slots.count * slots.widthSeconds, MOST_BARS);
  const bars = stretches.count;
  const joined = (column: readonly number[]): number[] => {
    const sums = new Array<number>(bars).fill(0);
    for (const [slot, count] of column.entries()) {
      const bar = stretches.at(slot * slots.widthSeconds);
      sums[bar] = (sums[bar] ?? 0) + count;
    }
    return sums;
  };
  const shown = reasons
    .slice(0, MOST_REASONS)
    .map(([reason, column]) => ({ name: nameOf(reason), values: joined(column) }));
  const rest = reasons.slice(MOST_REASONS).map(([, column]) => joined(column));
  const others = {
    name: "others",
    values: Array.from({ length: bars }, (_, bar) => sumOf(rest.map((column) => column[bar] ?? 0))),
  };
  const series = rest.length > 0 ? [...shown, others] : shown;
  const totals = Array.from({ length: bars }, (_, bar) => sumOf(series.map(({ values }) => values[bar] ?? 0)));
  const worst = totals.indexOf(Math.max(...totals));
  const seconds = stretches.widthSeconds;
  const [first] = shown;
  return [
    {
      kind: "chart",
      type: "bars",
      title: "Failures over time, by reason",
      says: sentences(
        `${countedText(sumOf(totals), "failure")}, ${countText(totals.filter((count) => count > 0).length)} of ${countText(bars)} stretches of ${countText(seconds)} s had any`,
        first === undefined ? null : `most often ${first.name}: ${countText(sumOf(first.values))}`,
        `the most in one stretch were ${countText(totals[worst] ?? 0)}, from ${clockText(worst * seconds)} on`,
      ),
      x: { label: "time since the start", unit: "none", labels: totals.map((_, bar) => clockText(bar * seconds)) },
      y: { label: `failures in ${countText(seconds)} s`, unit: "count" },
      series,
    },
  ];
};

const nameOf = (reason: Outcome | null): string => reason ?? "reason not kept by the second";

/** `2:05`, `1:02:05`: short enough to stand below a bar. */
const clockText = (seconds: number): string => {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

const reasonsTable = ({ operations }: RunFile, kinds: readonly Kind[]): Table => {
  const count = sumOf(Object.values(operations).map(endedOf));
  const rows = OUTCOMES.flatMap((reason) => {
    const own = kinds.filter(({ outcome }) => outcome === reason);
    return reason === "ok" || own.length === 0 ? [] : { reason, own, total: sumOf(own.map((each) => each.count)) };
  }).sort((a, b) => b.total - a.total);
  return {
    kind: "table",
    caption: "Reasons",
    columns: [
      { title: "reason" },
      { title: "count", align: "number" },
      { title: "of all", align: "number" },
      { title: "whose" },
      { title: "what happened" },
      { title: "most of them in" },
    ],
    rows: rows.map(({ reason, own, total }) => [
      { text: [{ text: reason, style: "code" }] },
      { text: countText(total), sort: total },
      // What was cut off is no part of what ended.
      reason === "cancelled" ? { text: "-", sort: -1 } : { text: percentText(total, count), sort: total },
      WHOSE[REASONS[reason].family],
      reason === "cancelled" ? `${REASONS[reason].text}; held against no server` : REASONS[reason].text,
      { text: [{ text: own[0]?.name ?? "", style: "code" }] },
    ]),
  };
};

const kindsTable = (kinds: readonly Kind[]): Block => ({
  kind: "details",
  summary: `By operation (${countedText(kinds.length, "kind")} of failures)`,
  blocks: [
    {
      kind: "table",
      caption: kinds.length > MOST_ROWS ? `The ${countText(MOST_ROWS)} most frequent kinds` : "By operation and reason",
      columns: [{ title: "operation" }, { title: "reason" }, { title: "count", align: "number" }],
      rows: kinds
        .slice(0, MOST_ROWS)
        .map(({ name, outcome, count }) => [
          { text: [{ text: name, style: "code" }] },
          { text: [{ text: outcome, style: "code" }] },
          { text: countText(count), sort: count },
        ]),
      shownRows: SHOWN_ROWS,
    },
  ],
});

/** Redacted when they were written down. */
const examples = (kinds: readonly Kind[], groups: readonly FailureGroup[]): Block[] => {
  const byKind = new Map(groups.map((group) => [`${group.outcome} ${group.name}`, group]));
  const found = kinds.flatMap(({ name, outcome }) => byKind.get(`${outcome} ${name}`) ?? []);
  if (found.length === 0) return [];
  const shown = found.slice(0, MOST_EXAMPLE_GROUPS);
  const more = found.length - shown.length;
  return [
    {
      kind: "details",
      summary: `Examples (${countedText(shown.length, "kind")}${more > 0 ? ` of ${countText(found.length)}` : ""}, secrets taken out)`,
      blocks: shown.flatMap(({ name, outcome, samples }): Block[] => [
        { kind: "paragraph", text: [{ text: name, style: "code" }, " ", { text: outcome, style: "strong" }] },
        { kind: "list", items: samples.map((text) => [{ text, style: "code" as const }]) },
      ]),
    },
  ];
};

const gapBlocks = (file: RunFile): Block[] => {
  const texts = gapTexts(file);
  if (texts.length === 0) return [];
  return [
    { kind: "paragraph", tone: "warning", text: "What was lost while the run went on, and how it was made good:" },
    { kind: "list", items: texts },
    ...reconciledTable(file),
  ];
};

const reconciledTable = ({ reconciled }: RunFile): Table[] => {
  const rows = Object.entries(reconciled).flatMap(([name, counts]) =>
    entriesOf(counts).map(([outcome, count]) => ({ name, outcome, count })),
  );
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "Counts that came from Locust's own tally: they have no times",
      columns: [{ title: "operation" }, { title: "outcome" }, { title: "count", align: "number" }],
      rows: rows
        .slice(0, MOST_ROWS)
        .map(({ name, outcome, count }) => [
          { text: [{ text: name, style: "code" }] },
          outcome,
          { text: countText(count), sort: count },
        ]),
      shownRows: SHOWN_ROWS,
    },
  ];
};

const damageBlocks = (damage: readonly string[]): Block[] =>
  damage.length === 0
    ? []
    : [
        { kind: "paragraph", tone: "warning", text: "Not all of the record could be read:" },
        { kind: "list", items: damage.slice(0, SHOWN_ROWS) },
      ];
