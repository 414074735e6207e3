/** What the marks of a server's `canary` came to: whose data its answers held. docs/soak.md, "Isolation". */
import * as z from "zod";
import { ByName } from "./by-name.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";

const count = z.number().int();

const isolationRecord = z.object({
  /** That were looked through. */
  answers: count,
  /** Calls among them that carried a mark. */
  marked: count,
  /** Answers with the mark of their own call. */
  echoed: count,
  /** With that of another call of the same session. */
  ofSession: count,
  /** Without their own and with that of a call which the same session began later. */
  swapped: count,
  /** With that of another session: failures of the reason `leak`. */
  leaked: count,
  /** Of them, how many held that of another process or an earlier run. */
  leakedFromElsewhere: count,
});
export type IsolationRecord = z.infer<typeof isolationRecord>;
const isolation = z.record(z.string(), isolationRecord);
export type Isolation = z.infer<typeof isolation>;

/** The same counts, since the last such event. */
export interface IsolationEvent extends IsolationRecord {
  readonly server: string;
}

export const ISOLATION: FactKind<IsolationEvent, Isolation> = {
  schema: isolation,
  keeper: () => new IsolationKeeper(),
};

const FIELDS = Object.keys(isolationRecord.shape) as readonly (keyof IsolationRecord)[];

/** Nothing seen yet. */
export const freshIsolation = (): IsolationRecord => ({
  answers: 0,
  marked: 0,
  echoed: 0,
  ofSession: 0,
  swapped: 0,
  leaked: 0,
  leakedFromElsewhere: 0,
});

class IsolationKeeper implements FactKeeper<IsolationEvent, Isolation> {
  readonly #servers = new ByName(freshIsolation);

  hear({ server, ...counts }: IsolationEvent): void {
    addCounts(this.#servers.of(server), counts);
  }

  add(section: Isolation): void {
    for (const [server, counts] of Object.entries(section)) addCounts(this.#servers.of(server), counts);
  }

  section(): Isolation {
    return this.#servers.record((counts) => ({ ...counts }));
  }
}

const addCounts = (into: IsolationRecord, more: IsolationRecord): void => {
  for (const field of FIELDS) into[field] += more[field];
};
