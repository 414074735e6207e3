/**
 * A finished record in, named faults of its servers out. Seen from outside, they are hints and no proof: each rule prefers
 * silence to a wrong name. A generator that was itself the bottleneck measured itself: then there are none that rest on times.
 */

import { saturationOf } from "../record/generator-verdict.ts";
import type { RunRecord } from "../record/read-run.ts";
import type { Fault, Finding } from "./finding.ts";
import { coldStart } from "./rule/cold-start.ts";
import { connectionLimit } from "./rule/connection-limit.ts";
import { eventLoopBlocked } from "./rule/event-loop-blocked.ts";
import { memoryLeak } from "./rule/memory-leak.ts";
import { poolExhausted } from "./rule/pool-exhausted.ts";
import { rateLimited } from "./rule/rate-limited.ts";
import { serialising } from "./rule/serialising.ts";
import { sessionsMixed } from "./rule/sessions-mixed.ts";
import { slowDependency } from "./rule/slow-dependency.ts";
import { type ServerView, serverViews } from "./server-view.ts";

/** Gives its evidence, one sentence with figures, or null. */
type Rule = (server: ServerView) => string | null;

/** The surest first. */
const RULES: readonly (readonly [Fault, Rule])[] = [
  ["sessions-mixed", sessionsMixed],
  ["memory-leak", memoryLeak],
  ["rate-limited", rateLimited],
  ["cold-start", coldStart],
  ["connection-limit", connectionLimit],
  ["serialising", serialising],
  ["pool-exhausted", poolExhausted],
  ["slow-dependency", slowDependency],
  ["event-loop-blocked", eventLoopBlocked],
];

/** Whose evidence is as good from a generator that was late. */
const OF_NO_TIMES: ReadonlySet<Fault> = new Set(["sessions-mixed", "memory-leak"]);

/**
 * @param servers of the record, where somebody looks at them for more than this
 * @returns what is wrong with the servers of a run, the surest first; empty for healthy ones, and where nothing can be said
 */
export const diagnose = (record: RunRecord, servers = serverViews(record)): readonly Finding[] => {
  const isSaturated = saturationOf(record.file).length > 0;
  const rules = isSaturated ? RULES.filter(([fault]) => OF_NO_TIMES.has(fault)) : RULES;
  return servers.flatMap((server) =>
    rules.flatMap(([fault, rule]) => {
      const evidence = rule(server);
      return evidence === null ? [] : { fault, server: server.name, evidence };
    }),
  );
};
