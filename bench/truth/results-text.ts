/** The comparison in words and a table, for the terminal and for the docs. */
import { machineLine } from "../machine.ts";
import { labelOf } from "./cell.ts";
import { CONTENDERS } from "./contenders.ts";
import { percentileOf } from "./exact-percentiles.ts";
import { criesWolf } from "./judgement.ts";
import type { TruthMeasurement } from "./measure.ts";
import type { SavedResults } from "./saved-results.ts";
import { rowsOf } from "./truth-rows.ts";
import { truthTable } from "./truth-table.ts";

/** When somebody sets the clock by more than this, the kernel's stamps are no measure any more. */
const CLOCK_SET_MS = 0.5;

export const resultsText = (results: SavedResults): string =>
  [headText(results), truthTable(rowsOf(results.measurements)), footText(results)].join("\n\n");

const headText = ({ startedAt, commit, machine, options }: SavedResults): string => {
  const version = commit === null ? "" : `, commit \`${commit}\``;
  const runs = options.runs === 1 ? "one run" : `medians of ${options.runs} runs`;
  return `${startedAt.slice(0, 10)}${version}: ${runs} of ${options.windowMs / 1000} s a cell. ${machineLine(machine, false)}.`;
};

const footText = ({ stamps, measurements }: SavedResults): string =>
  [stampText(stamps, measurements), ...ourText(measurements), ...wolfText(measurements)].join(" ");

const stampText = (stamps: SavedResults["stamps"], measurements: readonly TruthMeasurement[]): string => {
  const stamped =
    stamps === "kernel"
      ? `The kernel stamped what came in; the server read it at most ${worst(measurements, "readLateMs")} ms later (p99 of the worst cell without a freeze), which is in the truth.`
      : "This system stamps nothing that comes in: the truth lacks what the server read late, and may be too small.";
  return `${stamped} The write of an answer took at most ${worst(measurements, "writeMs")} ms (p99 of the worst cell): so sure is the truth itself.`;
};

/** Where ours comes from: the stamp of sending, or the one of the end. */
const ourText = (measurements: readonly TruthMeasurement[]): string[] => {
  const calls = measurements.flatMap(({ cell, perCall }) =>
    cell.contender === "swarmbridge" && perCall !== null ? [perCall.p99Ms] : [],
  );
  const sends = measurements.flatMap(({ sendP99Ms }) => sendP99Ms ?? []);
  if (calls.length === 0 || sends.length === 0) return [];
  return [
    `Call by call, swarmbridge was off by ${middle(calls).toFixed(2)} ms (p99 of the median cell); ${middle(sends).toFixed(2)} ms of sending are in that, the rest is an answer that waited to be read.`,
  ];
};

/** A verdict that always warns would never miss. */
const wolfText = (measurements: readonly TruthMeasurement[]): string[] => {
  const within = measurements.filter(({ standing, ours }) => ours !== null && standing === "within");
  if (within.length === 0) return [];
  const wolves = within.filter(({ standing, ours, idle }) => criesWolf(standing, ours?.verdict.level ?? null, idle));
  return [
    `Within the goal were ${within.length} reports of swarmbridge; called strained or saturated among them although a quarter of the machine was idle: ${wolves.length}.`,
  ];
};

/** A server that freezes on purpose reads late by that much. */
const worst = (measurements: readonly TruthMeasurement[], bound: "readLateMs" | "writeMs"): string =>
  Math.max(0, ...measurements.map(({ cell, bounds }) => (cell.kind === "freeze" ? 0 : bounds[bound]))).toFixed(2);

const middle = (values: readonly number[]): number =>
  percentileOf(
    values.toSorted((a, b) => a - b),
    50,
  );

/** One sentence for each broken promise, and for what makes the truth itself doubtful. */
export const complaintsAbout = (measurements: readonly TruthMeasurement[]): string[] =>
  measurements.flatMap(({ cell, standing, fault, ours, clockSetMs, failures }) => {
    const title = `${CONTENDERS[cell.contender].title} at ${labelOf(cell)}`;
    return [
      ...(standing === "MISSED"
        ? [`${title}: off by more than the goal, and the verdict on the generator was ${ours?.verdict.level}`]
        : []),
      ...(fault === null ? [] : [`${title}: ${fault}`]),
      ...(clockSetMs > CLOCK_SET_MS ? [`${title}: the machine's clock was set by ${clockSetMs.toFixed(1)} ms`] : []),
      ...(failures > 0 ? [`${title}: ${failures} calls failed`] : []),
    ];
  });
