/** Findings as lines of a summary. */
import type { Page } from "../record/page.ts";
import { printable, wrapped } from "../record/text-table.ts";
import { FAULTS, type Finding } from "./finding.ts";

/** @returns nothing for no findings */
export const findingLines = (findings: readonly Finding[], { columns, paint }: Page): string[] => {
  if (findings.length === 0) return [];
  return [
    `${paint("bold", "diagnosis")}${paint("dim", "  seen from outside: hints, no proof (docs/scenarios.md)")}`,
    ...findings.flatMap(({ fault, server, evidence }) => [
      ...wrapped(`${printable(server)}: ${fault}. ${printable(evidence)}.`, columns - 4).map((line, index) =>
        paint("yellow", index === 0 ? `  ${line}` : `    ${line}`),
      ),
      ...wrapped(`Usually ${FAULTS[fault]}.`, columns - 4).map((line) => `    ${line}`),
    ]),
  ];
};
