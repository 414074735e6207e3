/** Every operation of the run with its counts and times. */
import { countText, msText } from "../../record/duration-text.ts";
import type { ReportContext } from "../context.ts";
import type { Section } from "../document.ts";

export const toolsSection = ({ record: { file } }: ReportContext): Section | null => {
  const operations = Object.entries(file.operations);
  if (operations.length === 0) return null;
  return {
    id: "tools",
    title: "Operations",
    blocks: [
      {
        kind: "table",
        caption: "Service time of ok answers, in milliseconds",
        columns: [
          { title: "operation" },
          { title: "count", align: "number" },
          { title: "failed", align: "number" },
          { title: "p95", align: "number" },
        ],
        rows: operations.map(([name, { count, failures, outcomes }]) => {
          const p95Ms = outcomes.ok?.times.service?.p95Ms;
          return [
            { text: [{ text: name, style: "code" }] },
            { text: countText(count), sort: count },
            { text: countText(failures), sort: failures, ...(failures > 0 && { tone: "bad" }) },
            p95Ms === undefined ? "-" : { text: msText(p95Ms), sort: p95Ms },
          ];
        }),
        shownRows: 30,
      },
    ],
  };
};
