/** What the times and failures mean to who waits for an agent: what is fine, and what failed calls waste. R73, R81. */
import { countedText, countText, durationText, percentText } from "../../record/duration-text.ts";
import { percentileText } from "../../record/percentile-text.ts";
import { toUs } from "../../record/times.ts";
import { toolCallNames, toolCallTimes } from "../../record/tool-call-times.ts";
import { BYTES_PER_TOKEN, perThousand, type Waste, wasteOf } from "../../record/waste.ts";
import { awaitedText } from "../awaited-text.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Inline, Section } from "../document.ts";
import { strong } from "../span.ts";

const FINE_MS = 400;
const LONG_MS = 1000;
/** Of a conversation, as people have them with agents. */
const TURN_MS = 10_000;

export const agentsSection = ({ record: { file }, recording }: ReportContext): Section | null => {
  const calls = toolCallTimes(file, recording().recording);
  const waste = wasteOf(file);
  const times: Inline[] = [];
  if (calls.count > 0) {
    const fine = calls.count - calls.countAbove(toUs(FINE_MS));
    const long = calls.countAbove(toUs(LONG_MS));
    const summary = calls.summary();
    times.push(
      [
        `A call of ${FINE_MS} ms or less is fine: `,
        strong(percentText(fine, calls.count)),
        ` of ${countedText(calls.count, "tool call")} ${calls.count === 1 ? "was" : "were"}, by ${awaitedText(file, toolCallNames(file))}.`,
      ],
      `A second is little in a turn of ten: ${percentText(long, calls.count)} took longer than one, and p95, ${percentileText(summary, "p95Ms")} ms, is ${percentText(summary.p95Ms, TURN_MS)} of such a turn.`,
    );
  }
  const blocks: Block[] = [
    ...(times.length === 0 ? [] : [{ kind: "list", items: times } satisfies Block]),
    ...(waste === null ? [] : wasteBlocks(waste)),
  ];
  return blocks.length === 0 ? null : { id: "agents", title: "What it means to an agent", blocks };
};

const wasteBlocks = (waste: Waste): Block[] => {
  const { calls, failures, seconds, untimed, tokens } = waste;
  if (failures === 0)
    return [{ kind: "paragraph", text: `No call failed, of ${countText(calls)}: nothing was wasted.` }];
  const rate = (amount: number): string => countText(Math.round(perThousand(amount, waste)));
  return [
    {
      kind: "facts",
      rows: [
        ["failed calls", [strong(countText(failures)), ` of ${countText(calls)} (${percentText(failures, calls)})`]],
        [
          "time lost in them",
          `${durationText(1000 * seconds)}, ${rate(seconds)} s in 1,000 calls${untimed === 0 ? "" : `; of ${countText(untimed)} no time is known`}`,
        ],
        ["tokens lost", `about ${countText(tokens)}, ${rate(tokens)} in 1,000 calls`],
      ],
    },
    {
      kind: "paragraph",
      tone: "quiet",
      text: `Tokens are an estimate: ${BYTES_PER_TOKEN} bytes a token, the bytes of an average call of the same name, its arguments twice (the call, and one more try) and its answer once. Bodies are counted whole, so it is rather too high. Nobody asked a model.`,
    },
  ];
};
