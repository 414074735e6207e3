/** What of a record the rules look at: one server, its operations, its failures and its seconds. Judges nothing. */
import { entriesOf } from "../record/entries-of.ts";
import type { LoadBand } from "../record/facts/by-load.ts";
import type { FactSections } from "../record/facts/facts.ts";
import type { FailureGroup } from "../record/failure-samples.ts";
import { type MemoryGrowth, memoryGrowth } from "../record/memory-growth.ts";
import type { RunRecord } from "../record/read-run.ts";
import type { Outcome } from "../record/reason.ts";
import type { OperationRecord } from "../record/run-file.ts";
import { serverNames, serverOf } from "../record/server-part.ts";
import { type TimelineQuestion, timelineAnswers } from "../record/timeline-answers.ts";

export interface ServerSecond {
  readonly second: number;
  readonly ok: number;
  readonly failures: number;
}

export interface ServerView {
  readonly name: string;
  /** By what stands behind the server's name. */
  readonly operations: ReadonlyMap<string, OperationRecord>;
  /** Calls by load, of the same operations; empty where the record has none. */
  readonly bands: ReadonlyMap<string, readonly LoadBand[]>;
  readonly counts: ReadonlyMap<Outcome, number>;
  readonly failures: readonly FailureGroup[];
  /** Seconds in which something ended, in order. */
  readonly seconds: readonly ServerSecond[];
  readonly facts: FactSections;
  /** That made the load. What `bands` and `facts` say of calls under way is by process. */
  readonly processes: number;
  /** Null where it was not measured. */
  readonly memory: MemoryGrowth | null;
  /** How late our own event loop was at worst, in each second of the run that was measured. */
  readonly ownDelaysMs: readonly number[];
}

/** What a server works for, in contrast to what a session's life needs. */
const WORK = /^(tools\/call|resources\/read|prompts\/get|completion\/complete)(:|$)/;
export const isWork = (operation: string): boolean => WORK.test(operation);

/** Ended because of us: says nothing about a server. */
const OURS: readonly Outcome[] = ["cancelled", "bridge", "auth", "dropped", "unknown"];

export const serverViews = (record: RunRecord): ServerView[] => {
  const { file, failures } = record;
  const { seconds, ownDelaysMs } = timelineAnswers.of(record, VIEWED_SECONDS);
  const names = new Set(Object.keys(file.operations).map(serverOf));
  return [...names].sort().map((name) => {
    const operations = ofServer(name, file.operations);
    return {
      name,
      operations,
      bands: ofServer(name, file.facts.byLoad ?? {}),
      counts: countsOf(operations),
      failures: failures.filter((group) => serverOf(group.name) === name),
      seconds: seconds.get(name) ?? [],
      facts: file.facts,
      processes: Math.max(1, file.parts.length),
      memory: memoryGrowth(record, name),
      ownDelaysMs,
    };
  });
};

const ofServer = <Value>(server: string, byName: Readonly<Record<string, Value>>): Map<string, Value> =>
  new Map(
    Object.entries(byName).flatMap(([name, value]) =>
      serverOf(name) === server ? [[name.slice(server.length + 1), value] as const] : [],
    ),
  );

const countsOf = (operations: ReadonlyMap<string, OperationRecord>): Map<Outcome, number> => {
  const counts = new Map<Outcome, number>();
  for (const { outcomes } of operations.values()) {
    for (const [outcome, { count }] of entriesOf(outcomes)) {
      if (!OURS.includes(outcome)) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
    }
  }
  return counts;
};

interface ViewedSeconds {
  /** By server. */
  readonly seconds: ReadonlyMap<string, readonly ServerSecond[]>;
  readonly ownDelaysMs: readonly number[];
}

export const VIEWED_SECONDS: TimelineQuestion<ViewedSeconds> = () => {
  const servers = new Map<string, ServerSecond[]>();
  const ownDelaysMs: number[] = [];
  const serverIn = serverNames();
  return {
    take: ({ second, gauges }, operations) => {
      if (gauges !== null) ownDelaysMs.push(gauges.eventLoopDelayMaxMs);
      const here = new Map<string, { ok: number; failures: number }>();
      for (const [name, { count, failures }] of operations) {
        const server = serverIn(name);
        const sum = here.get(server) ?? { ok: 0, failures: 0 };
        here.set(server, sum);
        sum.ok += count - failures;
        sum.failures += failures;
      }
      for (const [server, sum] of here) {
        const seconds = servers.get(server) ?? [];
        servers.set(server, seconds);
        seconds.push({ second, ...sum });
      }
    },
    found: () => ({ seconds: servers, ownDelaysMs }),
  };
};
