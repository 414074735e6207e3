/**
 * "What does it carry?" A run at one load says what was carried; only a search for the ceiling says what can be, and it
 * comes first where there is one.
 */
import type { Found } from "../../capacity/ceiling/ceiling-file.ts";
import { headline } from "../../capacity/ceiling/ceiling-lines.ts";
import { countedText, countText } from "../../record/duration-text.ts";
import type { Carried } from "../carried.ts";
import type { ReportContext } from "../context.ts";
import type { Inline, Span } from "../document.ts";
import { limitText } from "../limit-text.ts";
import { serverName } from "../server-name.ts";
import { code, strong } from "../span.ts";

/** @returns never empty */
export const carriedItems = (
  { generator, ceilingOf, record }: ReportContext,
  carried: readonly Carried[],
): Inline[] => {
  if (carried.length === 0) return ["Nothing: no operation ended in this run."];
  const isSaturated = generator.level === "saturated";
  const together = ceilingOf(null);
  const searched = carried.flatMap(({ server }) => {
    const found = ceilingOf(server);
    return found === null ? [] : [ceilingSentence(code(server), found)];
  });
  const ceilings = [...(together === null ? [] : [ceilingSentence("All servers together", together)]), ...searched];
  return [
    ...ceilings,
    ...carried.map((each) => (isSaturated ? notKnown(each) : sentenceOf(each))),
    ...(!isSaturated && ceilings.length === 0 && record.file.sessions.peak > 0 && carried.some(({ isKept }) => isKept)
      ? ["This is what was carried at the load of this run. What can be carried, a search for the ceiling says."]
      : []),
  ];
};

const ceilingSentence = (who: string | Span, found: Found): Inline => [
  who,
  `: ${headline(found)} (searched ${found.head.startedAt.slice(0, 10)}).`,
];

const notKnown = (carried: Carried): Inline => [
  code(serverName(carried.server)),
  `: not known; ${loadText(carried)} were what the generator could make.`,
];

const sentenceOf = (carried: Carried): Inline => {
  const { server, operations, uses, isKept, cleanUpTo, kind } = carried;
  if (operations === 0)
    return [
      code(serverName(server)),
      ": not known; the end of the run, or the test itself, cut off all that it was asked.",
    ];
  if (uses.length === 0)
    return [
      code(serverName(server)),
      " had ",
      strong(loadText(carried)),
      "; none of its limits can be held against that.",
    ];
  const textsOf = (isBroken: boolean): string =>
    uses
      .filter((use) => use.isBroken === isBroken)
      .map((use) => limitText(use, kind))
      .join(", ");
  if (isKept)
    return [code(serverName(server)), " carried ", strong(loadText(carried)), ` within its limits: ${textsOf(false)}.`];
  const upTo =
    cleanUpTo === null
      ? ""
      : ` While sessions came, what broke still held in every second with up to ${countText(cleanUpTo)} of them.`;
  return [code(serverName(server)), " did not carry ", strong(loadText(carried)), `: ${textsOf(true)}.${upTo}`];
};

const loadText = ({ sessions, perSecond }: Carried): string => {
  const rate = `${perSecond.toFixed(1)} operations a second`;
  return sessions === null ? rate : `${countedText(sessions, "session")} at once and ${rate}`;
};
