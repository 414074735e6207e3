/** One step of `auth check` as lines for a person. */

import type { ShownClaims, Step, StepId, StepStatus } from "../auth/check/step.ts";
import { wrapped } from "../record/text-table.ts";
import type { Style } from "./style.ts";

const MARKS = { ok: "✓", warn: "!", fail: "✗", skip: "-" } as const satisfies Record<StepStatus, string>;

const TITLES = {
  credential: "credential",
  challenge: "without token",
  clock: "clock",
  "authorization-server": "authorized by",
  scope: "scope",
  token: "token",
  initialize: "with token",
  expiry: "ends",
  check: "broken off",
} as const satisfies Record<StepId, string>;

const TITLE_WIDTH = 15;
/** Below this the title has a line of its own. */
const WIDE_COLUMNS = 60;

/** @param hint what to do now, or null */
export const stepText = (step: Step, hint: string | null, style: Style): string => {
  const { columns, bold, dim } = style;
  const isWide = columns >= WIDE_COLUMNS;
  const indent = isWide ? 4 + TITLE_WIDTH : 4;
  const mark = markOf(step.status, style);
  const title = TITLES[step.id];
  const lines = wrapped(step.sentence, columns - indent);
  const said = step.status === "skip" ? lines.map(dim) : lines;
  const first = isWide ? [`  ${mark} ${title.padEnd(TITLE_WIDTH)}${said[0]}`, ...said.slice(1).map(pad(indent))] : null;
  const body = first ?? [`  ${mark} ${bold(title)}`, ...said.map(pad(indent))];
  const claims =
    step.claims === null
      ? []
      : claimLines(step.claims, columns - indent)
          .map(dim)
          .map(pad(indent));
  const next =
    hint === null
      ? []
      : wrapped(`→ ${hint}`, columns - indent)
          .map(bold)
          .map(pad(indent));
  return [...body, ...claims, ...next].join("\n");
};

const markOf = (status: StepStatus, { green, yellow, red, dim }: Style): string =>
  ({ ok: green, warn: yellow, fail: red, skip: dim })[status](MARKS[status]);

const pad = (columns: number) => (line: string) => " ".repeat(columns) + line;

/** Only those that the token has. */
const claimLines = ({ audience, issuer, identity, scopes, roles }: ShownClaims, columns: number): string[] =>
  [
    ["audience", audience.join(", ")],
    ["issuer", issuer ?? ""],
    ["identity", identity ?? ""],
    ["scopes", scopes.join(" ")],
    ["roles", roles.join(", ")],
  ].flatMap(([name, value]) => (value === "" ? [] : wrapped(`${name} ${value}`, columns)));
