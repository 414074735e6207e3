/** Servers of which a rehearsal showed nothing, though every engine ran: left out, refused, or met by no user. */

import type { RunRecord } from "../../record/read-run.ts";
import { type EngineEnd, leftOutBy, mostFailed } from "./engine-end.ts";

/** One server and its credential, in what an engine says of those that it leaves out. */
const LEFT_OUT_NAME = /([a-z0-9-]+) \(needs [^)]*\)/g;

interface Seen {
  readonly ends: readonly EngineEnd[];
  /** Of all engines together. */
  readonly record: RunRecord;
  /** Servers of the locustfile's classes; empty when unknown. */
  readonly named: ReadonlySet<string>;
}

/** One sentence each, without a full stop. */
export const serverFaults = ({ ends, record, named }: Seen): readonly string[] => {
  const leftOut = [...new Set(ends.flatMap((end) => leftOutBy(end) ?? []))];
  const left = new Set(leftOut.flatMap((text) => [...text.matchAll(LEFT_OUT_NAME)].map(([, name = ""]) => name)));
  const tested = Object.keys(record.file.servers).filter(
    (name) => !left.has(name) && (named.size === 0 || named.has(name)),
  );
  return [
    ...leftOut.map((text) => `left out for want of a credential: ${text}`),
    ...tested.flatMap((name) => faultOf(name, { tested, ends, record }) ?? []),
  ];
};

interface Judged extends Omit<Seen, "named"> {
  readonly tested: readonly string[];
}

const faultOf = (name: string, { tested, ends, record }: Judged): string | null => {
  const operations = Object.entries(record.file.operations).filter(([operation]) => operation.startsWith(`${name}:`));
  const count = operations.reduce((sum, [, operation]) => sum + operation.count, 0);
  const failures = operations.reduce((sum, [, operation]) => sum + operation.failures, 0);
  if (count > failures) return null;
  if (count > 0) return `${name}: none of ${count} operations succeeded (${mostFailed(record, name).join("; ")})`;
  // With fewer users than that, none may have been its; with none there, nothing can be said.
  const isMet = ends.some((end) => end.record !== null && usersOf(name, tested, end.record) >= 1);
  return isMet ? `${name}: no user came to an operation; a longer --run-time may show one` : null;
};

/** As Locust divides the users that were there at the same time: by the servers' weights. */
const usersOf = (name: string, tested: readonly string[], { file }: RunRecord): number => {
  const all = tested.reduce((sum, one) => sum + weightOf(file.servers[one]), 0);
  return all === 0 ? 0 : (file.generator.usersPeak * weightOf(file.servers[name])) / all;
};

const weightOf = (server: Readonly<Record<string, unknown>> | undefined): number =>
  typeof server?.weight === "number" ? server.weight : 0;
