/** What the gate says, criterion by criterion, and what is to be thought of the machine that made the load. */

import { actualText, azureText } from "../../gate/value-text.ts";
import type { CriterionResult, Verdict } from "../../gate/verdict.ts";
import { hasAzureValues, headlineOf, rowTitle, sentencesOf } from "../../gate/verdict-words.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Cell, Paragraph, Section, Tone } from "../document.ts";
import { gateTone } from "../gate-tone.ts";
import { GENERATOR_TONES, generatorText } from "../generator-words.ts";
import { code, strong } from "../span.ts";

const ROW_TONE = { passed: "good", failed: "bad", undetermined: "warning" } as const satisfies Record<string, Tone>;

export const verdictSection = (context: ReportContext): Section => {
  const { verdict, generator } = context;
  const after = generator.level === "saturated" ? " Criteria on times fail nothing then." : "";
  return {
    id: "verdict",
    title: "Verdict",
    blocks: [
      ...(verdict === null ? [NO_GATE] : gateBlocks(verdict)),
      {
        kind: "paragraph",
        tone: GENERATOR_TONES[generator.level],
        text: ["Load generator: ", strong(generator.level), `: ${generatorText(context)}.${after}`],
      },
    ],
  };
};

const NO_GATE: Paragraph = {
  kind: "paragraph",
  tone: "quiet",
  text: ["Gate: not judged, as no criteria could be read."],
};

const gateBlocks = (verdict: Verdict): Block[] => {
  const withAzure = hasAzureValues(verdict);
  const columns = [
    { title: "fails when" },
    { title: "measured", align: "number" as const },
    ...(withAzure ? [{ title: "at Azure", align: "number" as const }] : []),
    { title: "result" },
  ];
  const sentences = sentencesOf(verdict);
  const tone = gateTone(verdict);
  return [
    { kind: "paragraph", ...(tone !== undefined && { tone }), text: ["Gate: ", strong(headlineOf(verdict))] },
    {
      kind: "table",
      caption: `Criteria: ${originText(verdict)}`,
      columns,
      rows: verdict.rows.map((row) => [
        { text: [code(rowTitle(row))] },
        actualText(row),
        ...(withAzure ? [azureText(row)] : []),
        resultCell(row),
      ]),
      shownRows: 20,
    },
    ...(sentences.length === 0
      ? []
      : [
          {
            kind: "list",
            items: sentences.map(({ text, isGrave }) => (isGrave ? [strong(text)] : text)),
          } satisfies Block,
        ]),
  ];
};

/** Limits are nobody's law: whose they are stands beside them. R112. */
const originText = ({ profile, rows }: Verdict): string => {
  if (profile === "smoke") return "our defaults (profile smoke), where no others are set";
  if (profile !== null) return `profile ${profile}, and the user's own`;
  return rows.length === 0 ? "none" : "the user's own";
};

const resultCell = ({ status, remark }: CriterionResult): Cell => ({
  text: remark === null ? status : `${status}: ${remark}`,
  tone: ROW_TONE[status],
});
