/** A published run with the same kind of load, as a yardstick beside this one. It is nobody's limit. R83. */
import { countText, durationText, msText } from "../../record/duration-text.ts";
import { runMs } from "../../record/run-length.ts";
import { byServer } from "../../record/server-part.ts";
import { signatures } from "../../record/signature.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Section } from "../document.ts";

/** 17 users on Microsoft Learn, Context7, Azure DevOps and GitHub, through the internet. */
const REFERENCE = {
  ms: 15 * 60_000,
  servers: 4,
  users: 17,
  operations: 2293,
  /** It was published with 2.9 a second, which its own figures do not give: they are what is divided here. */
  quotedPerSecond: 2.9,
  /** Learn and Azure DevOps. */
  handshakesMs: [44, 335],
} as const;

export const referenceSection = ({ record, recording }: ReportContext): Section | null => {
  const { file } = record;
  const operations = Object.values(file.operations).reduce((sum, { count }) => sum + count, 0);
  if (operations === 0) return null;
  const handshakes = signatures(record, {}, recording()).flatMap(({ handshake }) => handshake?.p50Ms ?? []);
  const { users: planned } = file.plan;
  const users = file.generator.usersPeak || (typeof planned === "number" ? planned : null);
  const rate = (count: number, ms: number): string => ((1000 * count) / ms).toFixed(2);
  const range = (all: readonly number[]): string =>
    all.length < 2 ? all.map(msText).join("") || "-" : `${msText(Math.min(...all))} to ${msText(Math.max(...all))}`;
  const ours = runMs(file);
  const blocks: Block[] = [
    {
      kind: "table",
      caption: "A published run on four hosted servers, and this one",
      columns: [{ title: "figure" }, { title: "reference", align: "number" }, { title: "this run", align: "number" }],
      rows: [
        ["length", durationText(REFERENCE.ms), durationText(ours)],
        ["servers", String(REFERENCE.servers), countText(byServer(file).length)],
        ["users", String(REFERENCE.users), users === null ? "-" : countText(users)],
        ["operations", countText(REFERENCE.operations), countText(operations)],
        ["operations a second", rate(REFERENCE.operations, REFERENCE.ms), rate(operations, ours)],
        ["handshake by server, ms", range(REFERENCE.handshakesMs), range(handshakes)],
      ],
    },
    {
      kind: "paragraph",
      tone: "quiet",
      text: `Rates are operations by time. The reference was published with ${REFERENCE.quotedPerSecond} a second, which its own count and length do not give. Other servers, another network, another day: a yardstick for the size of the load, and no limit.`,
    },
  ];
  return {
    id: "reference",
    title: "Beside a reference run",
    blocks: [{ kind: "details", summary: "A yardstick for the size of the load, and nobody's limit", blocks }],
  };
};
