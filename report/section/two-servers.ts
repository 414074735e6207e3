/** Servers that had the same traffic in this run (`trafficOf`): what they differ in, as `compare --ab` says it. */
import { compareServers, pairsIn } from "../../gate/compare/in-one-run.ts";
import { answerBlocks, tableOf } from "../compare/compare-document.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Section } from "../document.ts";

/** Each reads the record anew. */
const MOST_PAIRS = 4;

export const twoServersSection = ({ record }: ReportContext): Section | null => {
  const pairs = pairsIn(record.file);
  if (pairs.length === 0) return null;
  const more = pairs.length - MOST_PAIRS;
  return {
    id: "two-servers",
    title: "Servers with the same traffic",
    blocks: [
      ...pairs.slice(0, MOST_PAIRS).flatMap((pair): Block[] => {
        const comparison = compareServers(record, pair);
        const text = `${pair.before}, then ${pair.after}, which had the same traffic in the same seconds:`;
        return [{ kind: "paragraph", text }, ...answerBlocks(comparison), tableOf(comparison)];
      }),
      ...(more > 0
        ? [{ kind: "paragraph" as const, text: `And ${more} more: swarmbridge compare --ab shows all.` }]
        : []),
    ],
  };
};
