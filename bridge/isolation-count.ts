import { freshIsolation, type IsolationEvent } from "../record/facts/isolation.ts";
import type { Echoes, Marked } from "./canary.ts";
import type { Failure } from "./operation.ts";

/** Counts what the marks in one server's answers say, and gives it out now and then. */
export class IsolationCount {
  readonly #server: string;
  #counts = NONE;

  constructor(server: string) {
    this.#server = server;
  }

  /** @returns why the call is a failure: both sessions' numbers, never the data; null when it is none */
  hear({ session, call }: Marked, echoes: Echoes): Failure | null {
    const { isOwn, isOfSession, isSwapped, foreign } = echoes;
    const counts = this.#counts;
    this.#counts = {
      answers: counts.answers + 1,
      marked: counts.marked + Number(call !== null),
      echoed: counts.echoed + Number(isOwn),
      ofSession: counts.ofSession + Number(isOfSession),
      swapped: counts.swapped + Number(isSwapped),
      leaked: counts.leaked + Number(foreign !== undefined),
      leakedFromElsewhere: counts.leakedFromElsewhere + Number(foreign?.session === null),
    };
    if (foreign === undefined) return null;
    const whose = foreign.session === null ? "another process or an earlier run" : `session ${foreign.session}`;
    return { reason: "leak", detail: `session ${session} got what ${whose} had sent` };
  }

  /** What came since it was last asked; null for nothing. */
  take(): IsolationEvent | null {
    const counts = this.#counts;
    if (counts === NONE) return null;
    this.#counts = NONE;
    return { server: this.#server, ...counts };
  }
}

const NONE: Omit<IsolationEvent, "server"> = freshIsolation();
