/** The few large figures: sessions first, then success, then latency; throughput follows from them. R32, R73. */
import { countedText, countText } from "../../record/duration-text.ts";
import { endedOf, failuresOf } from "../../record/limit-use.ts";
import { percentileText } from "../../record/percentile-text.ts";
import { runMs } from "../../record/run-length.ts";
import { toolCallNames, toolCallTimes } from "../../record/tool-call-times.ts";
import { awaitedText } from "../awaited-text.ts";
import type { ReportContext } from "../context.ts";
import type { Figures } from "../document.ts";

type Figure = Figures["figures"][number];

const GATE_TONE = { PASSED: "good", FAILED: "bad", INVALID: "warning" } as const;

export const keyFigures = ({ record: { file }, recording, verdict, generator }: ReportContext): Figure[] => {
  const all = Object.values(file.operations);
  const count = all.reduce((sum, each) => sum + endedOf(each), 0);
  const failures = all.reduce((sum, each) => sum + failuresOf(each), 0);
  const calls = toolCallTimes(file, recording().recording).summary();
  const sessions: Figure =
    file.sessions.peak > 0
      ? { label: "sessions at once, at most", value: countText(file.sessions.peak) }
      : {
          label: "users at once, at most",
          value: countText(file.generator.usersPeak),
          note: "no sessions were counted",
        };
  return [
    sessions,
    {
      label: "of the operations succeeded",
      value: count === 0 ? "-" : okText(count - failures, count),
      note: `${countText(failures)} of ${countText(count)} failed`,
      ...(failures > 0 && { tone: "warning" }),
    },
    {
      label: `p95 of tool calls, ${awaitedText(file, toolCallNames(file))}`,
      value: calls.count === 0 ? "-" : `${percentileText(calls, "p95Ms")} ms`,
      ...(generator.level === "saturated" && { tone: "warning" }),
      note:
        calls.count === 0
          ? "no tool call succeeded"
          : `${generator.level === "saturated" ? "the generator's own; " : ""}p50 ${percentileText(calls, "p50Ms")} ms, ${countedText(calls.count, "ok answer")}, all servers`,
    },
    { label: "operations a second", value: ((1000 * count) / runMs(file)).toFixed(1) },
    ...(verdict === null ? [] : [{ label: "gate", value: verdict.result, tone: GATE_TONE[verdict.result] }]),
  ];
};

/** Rounded down: what failed once did not always succeed. */
const okText = (ok: number, count: number): string => `${Math.floor((10_000 * ok) / count) / 100}%`;
