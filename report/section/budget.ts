/**
 * How fast this load used each server's error budget, and what room it left below each limit; beside it what a probe saw on
 * the other days. The test tells the room, the probe how the budget really goes. R108.
 */
import { type Budget, figuresOf } from "../../capacity/probe/figures.ts";
import { type Burn, burnsOf } from "../../record/budget-burn.ts";
import { countedText, countText, durationText, msText, percentText } from "../../record/duration-text.ts";
import type { LimitUse } from "../../record/limit-use.ts";
import { CARRIES } from "../../record/percentile-text.ts";
import { type Carried, carriedBy } from "../carried.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Cell, Inline, Section, Tone } from "../document.ts";
import { hasOwnLimits, limitsOf } from "../limits-of.ts";
import { serverName } from "../server-name.ts";
import { code, codes } from "../span.ts";

export const budgetSection = (context: ReportContext): Section | null => {
  const { record, generator } = context;
  const carried = carriedBy(record);
  const rows = carried.flatMap((each) => rowsOf(each, context));
  if (rows.length === 0) return null;
  const defaults = carried
    .filter(({ server }) => server !== "" && !hasOwnLimits(record.file, server))
    .map(({ server }) => server);
  const probes = carried.flatMap(({ server }) => probeItems(server, context));
  const blocks: Block[] = [
    {
      kind: "table",
      caption: "Burn 1 uses the budget as fast as can be kept up for ever; room is what was left below the limit",
      columns: [
        { title: "server" },
        { title: "limit" },
        { title: "may be bad", align: "number" },
        { title: "was bad", align: "number" },
        { title: "burn", align: "number" },
        { title: "room", align: "number", hint: "by the slowest operation; ~ where its answers are too few to tell" },
      ],
      rows,
      shownRows: 30,
    },
    {
      kind: "paragraph",
      tone: "quiet",
      text: `${generator.level === "saturated" ? "The generator was saturated: of the times here nobody knows whose they are. " : ""}This is the burn under the load of the test, not that of the server's users. Burn is of the ok answers of all operations together, room of the slowest operation alone: one that is rare and slow burns little, and leaves no room.`,
    },
    ...(defaults.length === 0 ? [] : [{ kind: "paragraph", text: defaultsText(defaults) } satisfies Block]),
    ...(probes.length === 0 ? [] : [{ kind: "list", items: probes } satisfies Block]),
  ];
  return { id: "error-budget", title: "Error budget", blocks };
};

const defaultsText = (servers: readonly string[]): Inline => [
  "Our default limits are held against ",
  ...codes(servers),
  ". They suit nobody in particular: set ",
  code("slo"),
  " in the server's entry.",
];

const rowsOf = ({ server, kind, uses }: Carried, { record: { file }, recording }: ReportContext): Cell[][] =>
  burnsOf({ server, file, recording: recording().recording, limits: limitsOf(file, server), kind }).map((burn) => {
    const { budgetPercent, bad, of, burn: rate } = burn;
    const use = uses.find(({ limit }) => limit === burn.limit);
    const [ofBurn, ofRoom] = [burnTone(rate), roomTone(use)];
    return [
      { text: [code(serverName(server))] },
      LIMIT_TEXT[burn.limit](burn),
      `${budgetPercent}%`,
      `${percentText(bad, of)} (${countText(bad)} of ${countText(of)})`,
      {
        text: rateText(rate),
        sort: Number.isFinite(rate) ? rate : Number.MAX_VALUE,
        tone: worseOf(ofBurn, ofRoom),
      },
      {
        text: roomText(use),
        ...(use !== undefined && { sort: 1 - use.used }),
        ...(ofRoom !== "good" && { tone: ofRoom }),
      },
    ];
  });

const LIMIT_TEXT = {
  p95Ms: ({ allowed }) => `p95 ${msText(allowed)} ms`,
  p99Ms: ({ allowed }) => `p99 ${msText(allowed)} ms`,
  errorPercent: ({ allowed }) => `failures ${allowed}%`,
} as const satisfies Record<Burn["limit"], (burn: Burn) => string>;

const rateText = (rate: number): string => {
  if (rate === 0) return "0";
  if (!Number.isFinite(rate)) return "no failure is allowed";
  return rate < 0.1 ? "<0.1" : rate.toFixed(1);
};

/** From the best. */
const TONES = ["good", "warning", "bad"] as const satisfies readonly Tone[];
type BudgetTone = (typeof TONES)[number];

const worseOf = (one: BudgetTone, other: BudgetTone): BudgetTone =>
  TONES.indexOf(one) > TONES.indexOf(other) ? one : other;

/** Of the number that is shown: two rows with the same one look alike. */
const burnTone = (rate: number): BudgetTone => {
  const shown = Math.round(10 * rate) / 10;
  return shown > 1 ? "bad" : shown > 0.5 ? "warning" : "good";
};

/** With less room than this a server is about to break its limit. */
const LITTLE_ROOM = 0.1;

const roomTone = (use: LimitUse | undefined): BudgetTone => {
  if (use === undefined) return "good";
  if (use.isBroken) return "bad";
  return 1 - use.used < LITTLE_ROOM ? "warning" : "good";
};

/** `none (search)`, `~49% (search)`, `50%`. */
const roomText = (use: LimitUse | undefined): string => {
  if (use === undefined) return "-";
  const room = use.isBroken ? "none" : `${Math.floor(100 * (1 - use.used))}%`;
  if (use.limit === "errorPercent") return room;
  return `${use.answers < CARRIES[use.limit] ? "~" : ""}${room} (${use.operation})`;
};

const probeItems = (server: string, { record: { file }, probesOf }: ReportContext): Inline[] => {
  const probes = probesOf(server);
  if (probes.length === 0) return [];
  const { failed, fromMs, toMs, budget } = figuresOf(probes, limitsOf(file, server));
  const seen = `${countedText(probes.length, "probe")} in ${durationText(toMs - fromMs)}, ${countText(failed)} failed`;
  return [["Live, by its probe, ", code(server), `: ${seen}${budget === null ? "" : budgetText(budget)}.`]];
};

const budgetText = ({ errorPercent, used, isUsedUp, burnLastHour }: Budget): string => {
  const share = isUsedUp ? "used up" : `${percentText(used, 1)} used`;
  if (errorPercent === 0) return `; no failure is allowed${burnLastHour ? ", and some were in the last hour" : ""}`;
  const burn = burnLastHour === null ? "" : `, in the last hour ${rateText(burnLastHour)} times as fast as sustainable`;
  return `; error budget of ${errorPercent}%: ${share}${burn}`;
};
