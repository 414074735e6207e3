/** One or more comparisons as a page: the answer, what differs, every figure with its interval, the runs drawn upon each other. */
import {
  brokenText,
  budgetsText,
  changeText,
  differencesText,
  headlineOf,
  intervalText,
  noticeableText,
  sidesText,
  toldText,
  unsureText,
  valueText,
  whereText,
} from "../../gate/compare/compare-words.ts";
import type { Comparison } from "../../gate/compare/comparison.ts";
import type { ComparedRow, JudgedChange } from "../../gate/compare/judged-row.ts";
import { QUANTITIES, type Quantity, RULES } from "../../gate/compare/quantity.ts";
import { countText } from "../../record/duration-text.ts";
import type { Block, Cell, Document, Section, Tone } from "../document.ts";
import type { ComparedPicture } from "./compared-picture.ts";
import { LetteredSides } from "./lettered-sides.ts";
import { leftOutText, overlaidCharts } from "./overlaid-charts.ts";

const SHOWN_ROWS = 40;

const TONE_OF_RESULT = { WITHIN: "good", BROKEN: "bad", INVALID: "warning" } as const satisfies Record<
  Comparison["result"],
  Tone
>;

/** @param pictures of the runs that have records; those of a baseline have figures alone */
export const compareDocument = (comparisons: readonly Comparison[], pictures: readonly ComparedPicture[]): Document => {
  const [only] = comparisons;
  if (comparisons.length === 1 && only !== undefined) {
    return documentOf(sidesText(only), sectionsOf(only, ""), pictures, titleOf(comparisons, pictures));
  }
  const sides = new LetteredSides(comparisons);
  return documentOf(
    `${comparisons.length} comparisons`,
    [sides.key(), ...comparisons.flatMap((each, index) => sectionsOf(sides.lettered(each), `-${index + 1}`))],
    pictures.map((picture) => ({ ...picture, id: sides.letterOf(picture.id) })),
    titleOf(comparisons, pictures),
  );
};

/** Of a baseline there is no record to draw: what is drawn then is one side, and no picture of the difference. */
const titleOf = (comparisons: readonly Comparison[], pictures: readonly ComparedPicture[]): string => {
  const drawn = new Set(pictures.map(({ id }) => id));
  const isWhole = comparisons.every(({ before, after }) => [...before, ...after].every((id) => drawn.has(id)));
  if (isWhole) return "Upon each other";
  return drawn.size === 1 ? "The new run alone" : "The new runs alone";
};

const documentOf = (
  subtitle: string,
  sections: readonly Section[],
  pictures: readonly ComparedPicture[],
  picturesTitle: string,
): Document => {
  const charts = overlaidCharts(pictures);
  const leftOut = leftOutText(pictures);
  const note: Block[] = leftOut === null ? [] : [{ kind: "paragraph", text: leftOut, tone: "quiet" }];
  return {
    title: "Comparison of runs",
    subtitle,
    sections: [
      ...sections,
      ...(charts.length === 0 ? [] : [{ id: "pictures", title: picturesTitle, blocks: [...note, ...charts] }]),
    ],
  };
};

const sectionsOf = (comparison: Comparison, suffix: string): Section[] => {
  const which = suffix === "" ? "" : `: ${sidesText(comparison)}`;
  return [
    { id: `answer${suffix}`, title: `What changed${which}`, blocks: answerBlocks(comparison) },
    { id: `figures${suffix}`, title: `All figures${which}`, blocks: [tableOf(comparison, which)] },
  ];
};

/** What a reader wants to know first, of one comparison. */
export const answerBlocks = (comparison: Comparison): Block[] => {
  const { result, broken, invalid, notes, rows } = comparison;
  const noticeable = noticeableText(comparison);
  const differences = differencesText(comparison);
  return [
    { kind: "paragraph", text: [{ text: headlineOf(comparison), style: "strong" }], tone: TONE_OF_RESULT[result] },
    ...invalid.map((text): Block => ({ kind: "paragraph", text, tone: "warning" })),
    { kind: "figures", figures: rows.slice(0, 2).flatMap(figuresOf) },
    ...broken.map((each): Block => ({ kind: "paragraph", text: brokenText(each), tone: "bad" })),
    ...unsureText(comparison).map((text): Block => ({ kind: "paragraph", text, tone: "warning" })),
    ...(differences.length === 0 ? [] : [{ kind: "list", items: differences } as const]),
    {
      kind: "facts",
      rows: [
        ["budgets", budgetsText(comparison)],
        ...(noticeable === null ? [] : [["what would show", noticeable] as const]),
        ...notes.map((note) => ["note", note] as const),
      ],
    },
  ];
};

const FIGURES = {
  all: ["errorPercent", "throughput"],
  work: ["p50Ms", "p95Ms"],
  name: [],
} as const satisfies Record<ComparedRow["kind"], readonly Quantity[]>;

const figuresOf = ({ kind, title, changes }: ComparedRow) =>
  FIGURES[kind].flatMap((quantity) => {
    const change = changes[quantity];
    if (change == null) return [];
    return [
      {
        label: `${RULES[quantity].title}, ${title}`,
        value: changeText(quantity, change.change),
        note: `${saysText(quantity, change)}; ${intervalText(quantity, change)}`,
        tone: toneOf(change),
      },
    ];
  });

/** Among many figures some lie off zero by chance: the interval of one alone does not make a difference. docs/compare.md */
const saysText = (quantity: Quantity, change: JudgedChange): string => {
  const isOffZero = change.low > 0 || change.high < 0;
  const text = toldText(quantity, change);
  return change.told === "no difference" && isOffZero ? `${text} that is sure: one of so many may be chance` : text;
};

const TONE_OF_TOLD = {
  "no difference": "quiet",
  worse: "warning",
  better: "good",
  "not enough data": "quiet",
} as const satisfies Record<JudgedChange["told"], Tone>;

const toneOf = (change: JudgedChange): Tone => (change.isBroken ? "bad" : TONE_OF_TOLD[change.told]);

/** @param which of several comparisons on the page: no two of its tables have the same caption */
export const tableOf = ({ rows }: Comparison, which = ""): Block => ({
  kind: "table",
  caption: `Each figure before and after, the difference with its 95 % interval, and what that says${which}`,
  columns: [
    { title: "name" },
    { title: "figure" },
    { title: "before > after", align: "number" },
    { title: "difference", align: "number" },
    { title: "95 % interval", align: "number" },
    { title: "says" },
    { title: "calls", align: "number" },
  ],
  rows: rows.flatMap(linesOf),
  shownRows: SHOWN_ROWS,
});

const linesOf = (row: ComparedRow): Cell[][] => {
  const name = `${row.title}${whereText(row)}`;
  const calls = row.kind === "work" ? "" : `${countOf(row.before)} > ${countOf(row.after)}`;
  return QUANTITIES.flatMap((quantity): Cell[][] => {
    const change = row.changes[quantity];
    if (change === undefined) return [];
    const { title, unit } = RULES[quantity];
    if (change === null) return [[name, title, "-", "-", "-", toldText(quantity, null), calls]];
    const told = saysText(quantity, change);
    return [
      [
        name,
        title,
        `${valueText(quantity, change.before)} > ${valueText(quantity, change.after)} ${unit}`,
        { text: changeText(quantity, change.change), sort: change.change },
        intervalText(quantity, change),
        { text: change.isBroken ? `${told}, breaks its budget` : told, tone: toneOf(change) },
        calls,
      ],
    ];
  });
};

const countOf = (count: number | null): string => (count === null ? "-" : countText(count));
