/** The few large figures: sessions first, then success, then latency; throughput follows from them. R32, R73. */

import type { Verdict } from "../../gate/verdict.ts";
import { countedText, countText } from "../../record/duration-text.ts";
import { endedOf, failuresOf } from "../../record/limit-use.ts";
import { percentileText } from "../../record/percentile-text.ts";
import type { RunFile } from "../../record/run-file.ts";
import { runMs } from "../../record/run-length.ts";
import { toolCallNames, toolCallTimes } from "../../record/tool-call-times.ts";
import { awaitedText } from "../awaited-text.ts";
import type { ReportContext } from "../context.ts";
import type { Figures } from "../document.ts";
import { gateTone, isLoose } from "../gate-tone.ts";

type Figure = Figures["figures"][number];

export const keyFigures = ({ record: { file }, recording, verdict, generator }: ReportContext): Figure[] => {
  const all = Object.values(file.operations);
  const count = all.reduce((sum, each) => sum + endedOf(each), 0);
  const failures = all.reduce((sum, each) => sum + failuresOf(each), 0);
  const calls = toolCallTimes(file, recording().recording).summary();
  return [
    sessionsFigure(file),
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
    ...(verdict === null ? [] : [gateFigure(verdict)]),
  ];
};

const sessionsFigure = ({ sessions, generator: { usersPeak } }: RunFile): Figure => {
  if (sessions.peak > 0) return { label: "sessions at once, at most", value: countText(sessions.peak) };
  return usersPeak > 0
    ? { label: "users at once, at most", value: countText(usersPeak), note: "no sessions were counted" }
    : { label: "sessions at once, at most", value: "-", note: "neither sessions nor users were counted" };
};

const gateFigure = (verdict: Verdict): Figure => {
  const tone = gateTone(verdict);
  return {
    label: "gate",
    value: verdict.result,
    ...(isLoose(verdict) && { note: "by our loose defaults: profile smoke" }),
    ...(tone !== undefined && { tone }),
  };
};

/** Rounded down: what failed once did not always succeed. */
const okText = (ok: number, count: number): string => `${Math.floor((10_000 * ok) / count) / 100}%`;
