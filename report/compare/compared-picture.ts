/** What is drawn of a run beside another one: how its calls spread, and how they went over time. */
import { type Block, blocksOf, blocksTogether } from "../../gate/compare/blocks.ts";
import { secondsOf } from "../../gate/measured.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { Times } from "../../record/times.ts";

export interface ComparedPicture {
  readonly id: string;
  /** All operations together, good answers. */
  readonly times: Times;
  readonly blocks: readonly Block[];
}

export const pictureOf = (record: RunRecord): ComparedPicture => {
  const blocks = blocksTogether(blocksOf(record, secondsOf(record)));
  const times = new Times();
  for (const block of blocks) times.add(block.times);
  return { id: record.file.id, times, blocks };
};
