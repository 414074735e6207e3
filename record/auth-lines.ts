/** What auth cost a server, in one line, and what went wrong with it, in another. */
import { countedText, countText, msText } from "./duration-text.ts";
import { failuresOf } from "./limit-use.ts";
import { indented, type Page } from "./page.ts";
import { CARRIES } from "./percentile-text.ts";
import type { RunRecord } from "./read-run.ts";
import type { OperationRecord } from "./run-file.ts";
import { AUTH_ROWS, type AuthRow, authName } from "./section.ts";
import { printable, shortened } from "./text-table.ts";

/** @returns nothing for a server that needed no token */
export const authLines = (server: string, { file, failures }: RunRecord, { columns, paint }: Page): string[] => {
  const row = (of: AuthRow): OperationRecord | undefined => file.auth[authName(server, of)];
  const fetched = [...fetchedTexts(row("token"), "token"), ...fetchedTexts(row("renewal"), "renewal")];
  const facts = [fetched.join(", "), refusedText(row("401"))].filter((text) => text !== "");
  if (facts.length === 0) return [];
  const isBad = AUTH_ROWS.map(row).some((each) => each !== undefined && failuresOf(each) > 0);
  const lines = indented(`auth: ${facts.join("; ")}`, columns).map((line) => paint(isBad ? "yellow" : "dim", line));
  const example = AUTH_ROWS.flatMap((each) => failures.find(({ name }) => name === authName(server, each)) ?? [])[0];
  const detail = example?.samples[0];
  if (detail === undefined) return lines;
  // A URL can be longer than the line.
  const told = indented(`auth failed, e.g. ${printable(detail)}`, columns).map((line) => shortened(line, columns));
  return [...lines, ...told.map((line) => paint("yellow", line))];
};

/** `24 renewals (p95 38 ms)`, `2 renewals failed`. */
const fetchedTexts = (operation: OperationRecord | undefined, what: string): string[] => {
  const { count = 0, failures = 0, outcomes = {} } = operation ?? {};
  const cutOff = outcomes.cancelled?.count ?? 0;
  const failed = failures - cutOff;
  return [
    ...(count > failures ? [`${countedText(count - failures, what)}${timeText(outcomes.ok)}`] : []),
    ...(failed > 0 ? [`${countedText(failed, what)} failed`] : []),
    ...(cutOff > 0 ? [`${countedText(cutOff, what)} not answered by the end${timeText(outcomes.cancelled)}`] : []),
  ];
};

const timeText = (outcome: OperationRecord["outcomes"]["ok"]): string => {
  const service = outcome?.times.service;
  if (service === undefined) return "";
  if (service.count === 1) return ` (${msText(service.maxMs)} ms)`;
  const isCarried = service.count >= CARRIES.p95Ms;
  return isCarried ? ` (p95 ${msText(service.p95Ms)} ms)` : ` (at most ${msText(service.maxMs)} ms)`;
};

const refusedText = (operation: OperationRecord | undefined): string => {
  if (operation === undefined || operation.count === 0) return "";
  const { count, outcomes } = operation;
  const failures = failuresOf(operation);
  const cutOff = outcomes.cancelled?.count ?? 0;
  const texts = [
    ...(failures > 0 ? [`${countText(failures)} not repaired`] : []),
    // Its user left before it was known whether another credential would do.
    ...(cutOff > 0 ? [`${countText(cutOff)} cut off`] : []),
  ];
  return `${countText(count)} x 401, ${texts.join(", ") || "all repaired"}`;
};
