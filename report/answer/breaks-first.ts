/** "What breaks first?" The faults that the figures look like, most failures, and the limit that was nearest. */
import { unitText } from "../../capacity/ceiling/ceiling-file.ts";
import { BREACHES } from "../../capacity/ceiling/level.ts";
import { countText, percentText } from "../../record/duration-text.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { Carried } from "../carried.ts";
import type { ReportContext } from "../context.ts";
import type { Inline } from "../document.ts";
import { limitText } from "../limit-text.ts";
import { serverName } from "../server-name.ts";
import { code, codes, strong } from "../span.ts";

/** @returns never empty */
export const breakingItems = (context: ReportContext, carried: readonly Carried[]): Inline[] => {
  const { findings, generator, record } = context;
  const isSaturated = generator.level === "saturated";
  const shapes = context.shapes();
  return [
    ...(isSaturated ? ["The load generator broke first. How the servers' times fared is not known."] : []),
    ...[...Map.groupBy(findings, ({ fault }) => fault)].map(([fault, each]) => seen(fault, each)),
    ...[...Map.groupBy(shapes, ({ shape }) => shape)].map(([shape, each]) => seen(shape, each)),
    ...(isSaturated || findings.length + shapes.length > 0
      ? []
      : ["No figure of this run looks like a fault that has a name."]),
    ...carried.flatMap(({ server }) => breachOf(server, context)),
    ...mostFailures(record.file),
    ...(isSaturated ? [] : nearestLimit(carried)),
  ];
};

interface Hint {
  readonly server: string;
  readonly evidence: string;
}

/** Servers with the same are one item, with the figures of the first: those of the others stand in the diagnosis. */
const seen = (what: string, hints: readonly Hint[]): Inline => {
  const [first, ...others] = hints;
  const about = others.length === 0 || first === undefined ? "" : `${first.server}: `;
  return [
    ...codes(hints.map(({ server }) => server)),
    ": ",
    strong(what, "warning"),
    `. ${about}${first?.evidence ?? ""}.`,
  ];
};

/** What a search for the ceiling saw break. */
const breachOf = (server: string, { ceilingOf }: ReportContext): Inline[] => {
  const found = ceilingOf(server);
  if (found === null || (found.answer.kind !== "ceiling" && found.answer.kind !== "below")) return [];
  const { sessions, breach } = found.answer;
  return [
    [code(server), `, in the search for its ceiling: ${BREACHES[breach]} at ${unitText(sessions, found.head.shape)}.`],
  ];
};

const nearestLimit = (carried: readonly Carried[]): Inline[] => {
  const uses = carried.flatMap(({ server, uses, kind }) => uses.map((use) => ({ server, use, kind })));
  const [nearest] = uses.sort((a, b) => b.use.used - a.use.used);
  if (nearest === undefined) return [];
  const { server, use, kind } = nearest;
  const where = use.isBroken ? "Furthest over its limit" : "Nearest to its limit, and within it";
  return [[`${where}: `, code(serverName(server)), `, ${limitText(use, kind)}${usedText(use.used)}.`]];
};

const usedText = (used: number): string => {
  if (!Number.isFinite(used)) return "";
  return used > 2
    ? `: ${countText(Math.round(used))} times what is allowed`
    : `: ${Math.round(100 * used)}% of what is allowed`;
};

/** Of all servers: the operation and reason behind most failures, whoever's doing it was. What was cut off is none. */
const mostFailures = ({ operations }: RunFile): Inline[] => {
  const all = Object.entries(operations).flatMap(([name, { outcomes }]) =>
    Object.entries(outcomes).flatMap(([outcome, { count }]) =>
      outcome === "ok" || outcome === "cancelled" ? [] : { name, outcome, count },
    ),
  );
  const sum = all.reduce((total, { count }) => total + count, 0);
  const [top] = all.sort((a, b) => b.count - a.count);
  if (top === undefined || top.count === 0) return [];
  const { name, outcome, count } = top;
  return [
    [
      "Most failures: ",
      code(name),
      " with ",
      code(outcome),
      `, ${countText(count)} of ${countText(sum)} (${percentText(count, sum)}).`,
    ],
  ];
};
