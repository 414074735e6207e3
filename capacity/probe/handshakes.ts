/** What a run says of its handshakes: those with nothing else under way at the server, and all of them. */

import { ownValue } from "../../record/own-value.ts";
import { RoughTimes } from "../../record/rough-times.ts";
import type { RunFile } from "../../record/run-file.ts";
import { HANDSHAKES } from "../../record/server-part.ts";

export interface Handshakes {
  /** Begun while nothing else of this run was under way at the server. */
  readonly alone: HandshakeTimes;
  readonly all: HandshakeTimes;
  /** Of the run. */
  readonly lengthMs: number;
}

/** Service times of the ok ones, ms; 0 where there is none. */
export interface HandshakeTimes {
  readonly count: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

const NONE: HandshakeTimes = { count: 0, medianMs: 0, maxMs: 0 };

export const handshakesOf = (file: RunFile, server: string): Handshakes => {
  const lengthMs = Date.parse(file.endedAt ?? file.updatedAt) - Date.parse(file.startedAt);
  const names = HANDSHAKES.map((each) => `${server}:${each}`);
  // A server speaks one era.
  const name = names.find((each) => (ownValue(file.operations, each)?.outcomes.ok?.count ?? 0) > 0);
  const times = name === undefined ? undefined : ownValue(file.operations, name)?.outcomes.ok?.times.service;
  if (name === undefined || times === undefined) return { alone: NONE, all: NONE, lengthMs };
  const all = { count: times.count, medianMs: times.p50Ms, maxMs: times.maxMs };
  return { alone: isOfOne(file, server) ? all : aloneOf(file, name), all, lengthMs };
};

/** Then the exact times count. */
const isOfOne = ({ sessions, generator }: RunFile, server: string): boolean =>
  generator.seconds > 0 && (ownValue(sessions.byServer, server)?.peak ?? 0) <= 1 && generator.usersPeak <= 1;

/** To within 5 %. */
const aloneOf = ({ facts }: RunFile, name: string): HandshakeTimes => {
  const times = new RoughTimes();
  for (const { most, ok } of ownValue(facts.byLoad, name) ?? []) if (most === 1) times.add(ok);
  return { count: times.count, medianMs: times.percentileMs(50), maxMs: times.percentileMs(100) };
};
