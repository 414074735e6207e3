/** What a section says, as plain text: for tests of the words, not of the looks. */

import type { RunRecord } from "../../record/read-run.ts";
import { contextOf, nothingAround, type ReportContext, type Surroundings } from "../../report/context.ts";
import type { Block, Cell, Inline, Section } from "../../report/document.ts";

export const NOW = new Date("2026-03-01T11:00:00.000Z");

export const contextFor = (record: RunRecord, around: Partial<Surroundings> = {}): ReportContext =>
  contextOf(record, { ...nothingAround(NOW), ...around });

export const textOf = (inline: Inline): string =>
  typeof inline === "string" ? inline : inline.map((each) => (typeof each === "string" ? each : each.text)).join("");

/** A line for each paragraph, item, row and figure. */
export const linesOf = (section: Section | null): string[] => section?.blocks.flatMap(blockLines) ?? [];

const cellText = (cell: Cell): string => (typeof cell === "string" ? cell : textOf(cell.text));

const blockLines = (block: Block): string[] => {
  switch (block.kind) {
    case "paragraph":
      return [textOf(block.text)];
    case "list":
      return block.items.map(textOf);
    case "facts":
      return block.rows.map(([label, value]) => `${label}: ${textOf(value)}`);
    case "figures":
      return block.figures.map(
        ({ label, value, note }) => `${value} ${label}${note === undefined ? "" : ` (${textOf(note)})`}`,
      );
    case "table":
      return [block.caption, ...block.rows.map((row) => row.map(cellText).join(" | "))];
    case "chart":
      return [block.says];
    case "details":
      return [block.summary, ...block.blocks.flatMap(blockLines)];
  }
};
