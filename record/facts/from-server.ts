/**
 * What servers told and asked their clients, in calls and outside of them: how much of which kind, and how long the
 * scripted answers took to be sent. docs/measurement.md, "What the server sends".
 */
import * as z from "zod";
import { Times, toUs } from "../times.ts";
import { ByName } from "./by-name.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";
import { addFactTimes, factTimes, factTimesOf } from "./fact-times.ts";

/** The closed list of kinds; what a server makes up counts as `other`. */
export const FROM_SERVER = [
  "resource-updated",
  "resources-changed",
  "tools-changed",
  "prompts-changed",
  "progress",
  "log-debug",
  "log-info",
  "log-notice",
  "log-warning",
  "log-error",
  "log-critical",
  "log-alert",
  "log-emergency",
  "cancelled",
  "sampling",
  "elicitation",
  "roots",
  "ping",
  "other",
] as const;
export type FromServerKind = (typeof FROM_SERVER)[number];

/** What came from one server since the last such event. */
export interface FromServerEvent {
  readonly server: string;
  readonly counts: Readonly<Partial<Record<FromServerKind, number>>>;
  /** From a request of the server's to our answer being handed to the socket, ms. */
  readonly answeredMs: readonly number[];
  /** Requests that came faster than they could be answered and got no answer. */
  readonly unanswered: number;
}

const fromServerRecord = z.object({
  counts: z.partialRecord(z.enum(FROM_SERVER), z.number().int()),
  answered: factTimes,
  unanswered: z.number().int(),
});
const fromServer = z.record(z.string(), fromServerRecord);
export type FromServer = z.infer<typeof fromServer>;

export const FROM_SERVER_FACTS: FactKind<FromServerEvent, FromServer> = {
  schema: fromServer,
  keeper: () => new FromServerKeeper(),
};

const fresh = () => ({
  counts: {} as Partial<Record<FromServerKind, number>>,
  answered: new Times(),
  unanswered: 0,
});

class FromServerKeeper implements FactKeeper<FromServerEvent, FromServer> {
  readonly #servers = new ByName(fresh);

  hear({ server, counts, answeredMs, unanswered }: FromServerEvent): void {
    const held = this.#servers.of(server);
    count(held.counts, counts);
    for (const tookMs of answeredMs) held.answered.record(toUs(tookMs));
    held.unanswered += unanswered;
  }

  add(section: FromServer): void {
    for (const [server, theirs] of Object.entries(section)) {
      const held = this.#servers.of(server);
      count(held.counts, theirs.counts);
      addFactTimes(held.answered, theirs.answered);
      held.unanswered += theirs.unanswered;
    }
  }

  section(): FromServer {
    return this.#servers.record(({ counts, answered, unanswered }) => ({
      counts: { ...counts },
      answered: factTimesOf(answered),
      unanswered,
    }));
  }
}

const count = (
  into: Partial<Record<FromServerKind, number>>,
  more: Readonly<Partial<Record<FromServerKind, number | undefined>>>,
): void => {
  for (const kind of FROM_SERVER) {
    const times = more[kind];
    if (times !== undefined) into[kind] = (into[kind] ?? 0) + times;
  }
};
