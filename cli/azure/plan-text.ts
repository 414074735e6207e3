/** A plan as lines for a person. */

import type { CostDrivers } from "../../azure/plan/cost-drivers.ts";
import type { Difference } from "../../azure/plan/difference.ts";
import type { Division } from "../../azure/plan/division.ts";
import type { Plan } from "../../azure/plan/plan.ts";
import type { Check, CheckState } from "../../azure/plan/preflight/check.ts";
import { countText, durationText } from "../../record/duration-text.ts";
import { indented } from "../../record/page.ts";
import { printable, wrapped } from "../../record/text-table.ts";
import type { Style } from "../style.ts";

const INDENT = "  ";
const NO_LINES: readonly string[] = [];

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

export const planText = (plan: Plan, style: Style): string => {
  const sections: Section[] = [
    { title: `test ${plan.testId}`, lines: testLines(plan) },
    { title: "load", lines: loadLines(plan) },
    { title: "what it costs depends on", lines: costLines(plan.cost) },
    {
      title: "servers",
      lines: plan.servers.map(({ name, url, note }) => `${name}  ${url}${note === null ? "" : `: ${note}`}`),
    },
    { title: "criteria", lines: criteriaLines(plan.criteria) },
    { title: "worth knowing", lines: plan.notes },
  ];
  const blocks = sections.filter(({ lines }) => lines.length > 0).map((section) => sectionText(section, style));
  return [...blocks, checksText(plan.checks, style), verdictText(plan, style)].join("\n\n");
};

const sectionText = ({ title, lines }: Section, { bold, columns }: Style): string =>
  [bold(title), ...lines.flatMap((line) => indented(printable(line), columns))].join("\n");

const CHANGES = {
  create: "would be created",
  update: "would be changed:",
  unchanged: "is at Azure as it is here",
} as const;

const testLines = ({ test }: Plan): string[] =>
  test === null ? ["not looked at"] : [CHANGES[test.change], ...test.differences.map(differenceText)];

const SIGNS = { added: "+", changed: "~", removed: "-" } as const satisfies Record<Difference["how"], string>;

const differenceText = ({ what, how, from, to }: Difference): string =>
  `${SIGNS[how]} ${what}${from === null && to === null ? "" : `: ${from} → ${to}`}`;

const loadLines = ({ division, runTimeSeconds }: Plan): string[] => {
  const { users, engines, regions } = division;
  const time = runTimeSeconds === null ? "" : ` for ${durationText(runTimeSeconds * 1000)}`;
  const where = regions.map(
    (region) => `${region.region}: ${count(region.engines, "engine")}, about ${count(region.users, "user")}`,
  );
  return [
    `${count(users, "user")}${time} on ${count(engines, "engine")}`,
    ...(engines === 1
      ? NO_LINES
      : [`${sharesText(division)}, when they divide evenly (Azure does not say how it divides)`]),
    ...where,
  ];
};

const sharesText = ({ shares }: Division): string =>
  shares.map(({ engines, users }) => `${count(users, "user")} on ${count(engines, "engine")}`).join(", ");

const costLines = ({ engineHours, virtualUserHours, data }: CostDrivers): string[] => [
  ...(virtualUserHours === null
    ? NO_LINES
    : [`${hours(virtualUserHours)} virtual user hours at most: users × run time`]),
  ...(engineHours === null
    ? NO_LINES
    : [`${hours(engineHours)} engine hours: engines × run time (whether their start counts, Azure does not say)`]),
  data === null
    ? "data that leaves Azure: not known, there is no run with these servers in results yet"
    : `data: about ${bytesText(data.sentBytes)} to the servers, ${bytesText(data.receivedBytes)} back (bodies, as in the run ${data.measuredIn})`,
];

const criteriaLines = ({ azure, local }: Plan["criteria"]): string[] =>
  azure + local.length === 0
    ? ["none: no failureCriteria says when the run fails"]
    : [`${azure} judged by Azure`, ...local.map((text) => `${text}: by our gate alone`)];

const MARKS = {
  ok: "✓",
  missing: "✗",
  forbidden: "?",
  unclear: "?",
  unreachable: "✗",
} as const satisfies Record<CheckState, string>;

const STATE_WORDS = {
  ok: "",
  missing: "",
  forbidden: "not allowed to look: ",
  unclear: "",
  unreachable: "not reached: ",
} as const satisfies Record<CheckState, string>;

const checksText = (checks: readonly Check[], style: Style): string =>
  [style.bold("what must be there"), ...checks.flatMap((check) => checkLines(check, style))].join("\n");

const checkLines = ({ state, subject, seen, next }: Check, style: Style): string[] => {
  const { columns, green, yellow, red, bold } = style;
  const colour = { ok: green, missing: red, forbidden: yellow, unclear: yellow, unreachable: red }[state];
  const [first = "", ...rest] = wrapped(printable(`${subject}: ${STATE_WORDS[state]}${seen}`), columns - 4);
  const remedy = next === null ? NO_LINES : wrapped(printable(`→ ${next}`), columns - 4).map(bold);
  return [
    `${INDENT}${colour(MARKS[state])} ${first}`,
    ...[...rest, ...remedy].map((line) => `${INDENT}${INDENT}${line}`),
  ];
};

const verdictText = ({ checks, isReady, test }: Plan, { green, red }: Style): string => {
  if (!isReady) return red("Not ready: see ✗.");
  if (test === null) return "Nothing was asked at Azure, or not everything.";
  const isSure = checks.every(({ state }) => state === "ok");
  return green(`${isSure ? "Ready" : "Ready, as far as could be seen (?)"}. Nothing was changed or started.`);
};

const count = (number: number, thing: string): string => `${countText(number)} ${thing}${number === 1 ? "" : "s"}`;

const hours = (value: number): string => (value < 10 ? value.toFixed(2) : countText(Math.round(value)));

const bytesText = (bytes: number): string => {
  const units = ["B", "kB", "MB", "GB", "TB"] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
};
