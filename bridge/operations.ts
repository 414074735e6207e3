import { setImmediate } from "node:timers/promises";
import type { Outcome } from "../record/reason.ts";
import type { Recorder } from "../record/recorder.ts";
import type { Sample } from "../record/sample.ts";
import { type BurstPlace, Bursts } from "./bursts.ts";
import { Canary, type Marked } from "./canary.ts";
import { KeptResults } from "./kept-results.ts";
import type { End, Held } from "./link/end-line.ts";
import type { CallMessage, CloseMessage, OpenMessage } from "./link/messages.ts";
import { type Ending, Operation } from "./operation.ts";
import { resultsOf } from "./results.ts";
import type { ServerLane } from "./server-lane.ts";
import { statisticsName, targetOf } from "./statistics-name.ts";
import { ONE_EVENT } from "./stream-times.ts";
import { type CallTracer, withTraceContext } from "./telemetry/call-tracer.ts";
import { ToolSnapshots } from "./tool-snapshots.ts";
import { UserSession } from "./user-session.ts";
import type { Counted } from "./watch.ts";
import { within } from "./within.ts";

/**
 * Carries out what users ask for, and counts each thing once: the only place where an operation begins, where it is
 * held back by the guard, where its stamps become a sample and where the sample goes to the recorder. It knows
 * neither the link nor HTTP: both call it.
 */

/** How long a closing session waits for its calls under way before they are cancelled. docs/link-protocol.md, `close`. */
const DRAIN_MS = 2_000;
type ClosingEnd = Ending & { readonly wasSent: boolean };

/** Stands for the server in the name of an operation that has none. */
const UNKNOWN = "unknown";

export class Operations {
  readonly #lanes: (server: string) => ServerLane | null;
  readonly #recorder: () => Recorder | null;
  readonly #kept: KeptResults;
  readonly #tracer: () => CallTracer | null;
  readonly #users = new Map<number, UserSession>();
  readonly #underWay = new Map<number, { readonly user: UserSession; readonly operation: Operation }>();
  /** Operations under way, by server. */
  readonly #load = new Map<ServerLane, number>();
  readonly #bursts = new Bursts();
  readonly #canary = new Canary();
  readonly #snapshots = new ToolSnapshots();
  /** Closes that users began and that are not settled yet. */
  readonly #closing = new Map<Promise<End>, () => void>();
  /** Ends the waiting of an operation that the guard holds back. */
  readonly #held = new Map<Operation, () => void>();

  constructor(
    lanes: (server: string) => ServerLane | null,
    recorder: () => Recorder | null,
    kept: KeptResults = new KeptResults(),
    tracer: () => CallTracer | null = () => null,
  ) {
    this.#lanes = lanes;
    this.#recorder = recorder;
    this.#kept = kept;
    this.#tracer = tracer;
  }

  /** For the face and the gauges: who is there, without anything secret. */
  sessions(): { number: number; server: string; era: string | null; isOpen: boolean; underWay: number }[] {
    return Array.from(this.#users.values(), (user) => ({
      number: user.number,
      server: user.lane.settings.name,
      era: user.mcp.era,
      isOpen: user.mcp.isOpen,
      underWay: user.operationsUnderWay.size,
    }));
  }

  get sessionsOpen(): number {
    return this.counted().sessionsOpen;
  }

  /** How much is going on right now. */
  counted(): Counted {
    const sessionsByServer: Record<string, number> = {};
    let sessionsOpen = 0;
    for (const { mcp, lane } of this.#users.values()) {
      if (!mcp.isOpen) continue;
      sessionsOpen += 1;
      sessionsByServer[lane.settings.name] = (sessionsByServer[lane.settings.name] ?? 0) + 1;
    }
    return { sessionsOpen, sessionsByServer, operationsInFlight: this.#underWay.size };
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  async open(message: OpenMessage): Promise<End | Held> {
    this.#delivered(message.late);
    const lane = this.#lanes(message.server);
    const operation = new Operation(message.id, message.at, message.waited);
    operation.trace = this.#tracer()?.context() ?? null;
    if (lane === null) {
      const failure = { reason: "protocol", detail: "no such server in the configuration" } as const;
      return this.#settle(null, operation, statisticsName(UNKNOWN, "initialize"), { failure });
    }
    // Python opens anew only when it believes the old session gone; if it is not, it must not stay behind.
    const before = this.#users.get(message.session);
    if (before !== undefined) void this.#retire(before);
    const retryMs = lane.guard.admit();
    if (retryMs > 0) return { id: message.id, held: true, retryMs };
    const session = lane.mcp.newSession(lane.credentials.of(message.user));
    const user = new UserSession(message.session, lane, session);
    this.#users.set(user.number, user);
    const ending = await this.#perform(user, operation, () => session.open(operation));
    if (!session.isOpen) void this.#retire(user);
    return this.#settle(user, operation, statisticsName(lane.settings.name, session.handshake), ending);
  }

  async call(message: CallMessage): Promise<End> {
    this.#delivered(message.late);
    const operation = new Operation(message.id, message.at, message.waited);
    operation.burst = message.burst;
    operation.trace = this.#tracer()?.context() ?? null;
    const user = this.#users.get(message.session);
    const server = user?.lane.settings.name ?? UNKNOWN;
    const name = statisticsName(server, message.method, targetOf(message.method, message.params, message.as));
    if (user === undefined || !user.mcp.isOpen) {
      const failure = { reason: "session-lost", detail: "no open session" } as const;
      return this.#settle(user ?? null, operation, name, { failure });
    }
    const results = resultsOf(message, user.lane.settings.results);
    operation.results = results.reading;
    operation.asksForProgress = asksForProgress(message.params);
    if (message.burst !== undefined) this.#bursts.began(message.burst, () => this.#underWayAt(user.lane));
    const params = withTraceContext(operation, this.#marked(user, operation, message.params));
    const ended = await this.#perform(user, operation, () =>
      user.mcp.call(operation, message.method, params, message.timeoutMs ?? undefined),
    );
    if (!user.mcp.isOpen) void this.#retire(user);
    if (message.method === "tools/list" && ended.failure === null) this.#sawTools(server, ended.result, operation);
    const { marked } = operation;
    const whole = results.isWanted || marked !== null ? withJson(ended) : { ending: ended, json: undefined };
    const { ending, json } = marked === null ? whole : this.#lookedThrough(user, marked, whole);
    const end = this.#settle(user, operation, name, ending);
    if (json !== undefined && results.isWanted) return { ...end, result: json };
    return operation.digest === null ? end : { ...end, digest: operation.digest };
  }

  /** The call's params, with a mark where its server's `canary` wants one. */
  #marked(user: UserSession, operation: Operation, params: CallMessage["params"]): CallMessage["params"] {
    const { canary } = user.lane.settings;
    if (canary === null) return params;
    const mark = this.#canary.mark(user.number, params, canary);
    operation.marked = mark.marked;
    return mark.params;
  }

  /** The same ending, or a leak: then nothing of the answer goes on. */
  #lookedThrough({ lane }: UserSession, marked: Marked, { ending, json }: WithJson): WithJson {
    marked.see(json ?? "");
    marked.see(ending.failure?.detail ?? "");
    // Nothing came, or nothing that says whose it is.
    if (json === undefined && marked.found.size === 0) return { ending, json };
    const failure = lane.isolation.hear(marked, this.#canary.judge(marked));
    return failure === null ? { ending, json } : { ending: { failure }, json: undefined };
  }

  async close(message: CloseMessage): Promise<End> {
    this.#delivered(message.late);
    const operation = new Operation(message.id, message.at);
    operation.trace = this.#tracer()?.context() ?? null;
    const { promise, resolve } = Promise.withResolvers<ClosingEnd>();
    const closing = this.#close(message, operation, promise);
    this.#closing.set(closing, () => resolve({ failure: { reason: "cancelled" }, wasSent: true }));
    try {
      return await closing;
    } finally {
      this.#closing.delete(closing);
    }
  }

  /** @param givenUp ends the waiting for the server, when there is no more time for it */
  async #close(message: CloseMessage, operation: Operation, givenUp: Promise<ClosingEnd>): Promise<End> {
    const user = this.#users.get(message.session);
    const nothingToSay: End = { id: message.id, name: null, failure: null, responseMs: 0, bytes: 0, endMs: 0 };
    if (user === undefined) return nothingToSay;
    user.isClosing = true;
    const fromMs = performance.now();
    await this.#drain(user);
    // Waiting for the user's own calls is nobody's delay.
    operation.heldMs = performance.now() - fromMs;
    this.#forget(user);
    const ending = await Promise.race([user.mcp.close(operation), givenUp]);
    if (!ending.wasSent) return nothingToSay;
    return this.#settle(null, operation, statisticsName(user.lane.settings.name, "session/delete"), ending);
  }

  /** Ends an operation under way as `cancelled`, unless its answer was faster. */
  cancel(id: number): void {
    const found = this.#underWay.get(id);
    if (found !== undefined) this.#abort(found.user, found.operation);
  }

  /** The user's own judgement: one of the session's last calls, good until now, becomes a failure. */
  mark(session: number, id: number, detail: string): void {
    const user = this.#users.get(session);
    const sample = user?.takeGood(id) ?? null;
    if (sample === null) return;
    const recorder = this.#recorder();
    recorder?.move(sample, "assertion");
    recorder?.failure({ name: sample.name, outcome: "assertion", detail: user?.lane.mcp.redact(detail) ?? "" });
  }

  /**
   * Ends all sessions that are still there; their DELETEs were begun by no user and count as hidden.
   * @returns how many sessions had been left open
   */
  async closeAll(limitMs: number): Promise<number> {
    const users = [...this.#users.values()];
    const left = users.filter((user) => user.mcp.isOpen).length;
    await within(
      limitMs,
      Promise.allSettled([...this.#closing.keys(), ...users.map((user) => this.#closeUnasked(user))]),
    );
    // A close that its user began is counted, also when there is no time for the server's answer.
    for (const giveUp of this.#closing.values()) giveUp();
    // What has just ended is counted in the same turn of the event loop, some microtasks later: let them run.
    await setImmediate();
    return left;
  }

  async #closeUnasked(user: UserSession): Promise<void> {
    for (const operation of user.operationsUnderWay) this.#abort(user, operation);
    // Of a session that is closing its own close takes care: the DELETE is its user's, not a hidden one.
    if (!user.isClosing) await this.#retire(user);
  }

  /** Ends a session whose close no user began, a lost one as well: it may hold a stream. */
  async #retire(user: UserSession): Promise<void> {
    this.#forget(user);
    // Calls in parallel on a lost session each have an ending of their own coming.
    await user.idle();
    await user.mcp.close(null);
  }

  /** Takes a user out of the bridge, and off the guard's places, once. Its number may have a successor by now. */
  #forget(user: UserSession): void {
    if (user.isForgotten) return;
    user.isForgotten = true;
    user.lane.guard.release();
    if (this.#users.get(user.number) === user) this.#users.delete(user.number);
  }

  /** Waits for what the user has under way; what takes longer than the limit ends as `cancelled`. */
  async #drain(user: UserSession): Promise<void> {
    if (await within(DRAIN_MS, user.idle())) return;
    for (const operation of user.operationsUnderWay) this.#abort(user, operation);
    await user.idle();
  }

  #abort(user: UserSession, operation: Operation): void {
    operation.fail({ reason: "cancelled" });
    this.#held.get(operation)?.();
    user.mcp.abort(operation, "cancelled");
  }

  /** Runs one operation under the guard's pace, where a cancel can find it. */
  async #perform(user: UserSession, operation: Operation, work: () => Promise<Ending>): Promise<Ending> {
    this.#underWay.set(operation.id, { user, operation });
    operation.underWay = (this.#load.get(user.lane) ?? 0) + 1;
    this.#load.set(user.lane, operation.underWay);
    const delayMs = user.lane.guard.callDelayMs(performance.now());
    const ending = delayMs > 0 ? this.#afterHold(operation, delayMs, work) : work();
    user.began(operation, ending);
    try {
      return await ending;
    } finally {
      user.ended(operation);
      this.#underWay.delete(operation.id);
      this.#load.set(user.lane, (this.#load.get(user.lane) ?? 1) - 1);
    }
  }

  async #afterHold(operation: Operation, delayMs: number, work: () => Promise<Ending>): Promise<Ending> {
    await this.#hold(operation, delayMs);
    return operation.failure === null ? work() : { failure: operation.failure };
  }

  async #hold(operation: Operation, delayMs: number): Promise<void> {
    const fromMs = performance.now();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#held.set(operation, () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#held.delete(operation);
    operation.heldMs = performance.now() - fromMs;
  }

  /** The one place where an operation is counted. */
  #settle(user: UserSession | null, operation: Operation, name: string, ending: Ending): End {
    const outcome: Outcome = ending.failure?.reason ?? "ok";
    const sample = toSample(operation, name, outcome);
    const recorder = this.#recorder();
    recorder?.operation(sample);
    this.#tracer()?.ended({ operation, sample, server: user?.lane.settings.name ?? UNKNOWN, failure: ending.failure });
    if (ending.failure !== null) recorder?.failure({ name, outcome, detail: ending.failure.detail ?? "" });
    if (outcome === "ok") user?.keepGood(operation.id, sample, operation.burst?.of);
    this.#kept.release(operation);
    if (operation.stream !== null || operation.asksForProgress) this.#endStream(operation, name);
    if (operation.burst !== undefined) this.#endInBurst(user, operation, operation.burst, outcome);
    // The pages of a list and the rounds of a call are requests to somebody's server as well.
    user?.lane.guard.spend(operation.requests - 1);
    return {
      id: operation.id,
      name,
      failure: ending.failure,
      serviceMs: sample.serviceMs,
      responseMs: sample.responseMs ?? 0,
      firstEventMs: sample.firstEventMs,
      bytes: operation.bytesIn,
      endMs: sample.endMs,
      isRepeated: operation.isRepeated,
    };
  }

  #underWayAt({ settings }: ServerLane): Operation[] {
    const all = [...this.#underWay.values()];
    return all.flatMap(({ user, operation }) => (user.lane.settings.name === settings.name ? operation : []));
  }

  #endInBurst(user: UserSession | null, operation: Operation, place: BurstPlace, outcome: Outcome): void {
    const event = this.#bursts.ended(operation, place, user?.lane.settings.name ?? UNKNOWN, outcome);
    if (event !== null) this.#recorder()?.fact({ kind: "bursts", event });
  }

  #sawTools(server: string, result: unknown, { bytesIn }: Operation): void {
    const recorder = this.#recorder();
    const event = recorder && this.#snapshots.take(server, result, bytesIn, Date.now());
    if (event !== null) recorder?.fact({ kind: "tools", event });
  }

  #endStream(operation: Operation, name: string): void {
    const times = operation.stream?.fact(operation.sentMs) ?? ONE_EVENT;
    this.#recorder()?.fact({
      kind: "streams",
      event: { name, askedForProgress: operation.asksForProgress, ...times },
    });
  }

  #delivered(lateMs: number | null): void {
    if (lateMs !== null) this.#recorder()?.delivered(lateMs);
  }
}

interface WithJson {
  readonly ending: Ending;
  readonly json: string | undefined;
}

const asksForProgress = ({ _meta }: Readonly<Record<string, unknown>>): boolean =>
  _meta !== undefined && (_meta as { readonly progressToken?: unknown } | null)?.progressToken !== undefined;

/**
 * The result as the text that goes over the link. Made before the operation is counted: what a hostile server nests too
 * deeply, or what is longer than a text can be, is a failure like any other.
 */
const withJson = (ending: Ending): WithJson => {
  if (ending.result === undefined) return { ending, json: undefined };
  try {
    return { ending, json: JSON.stringify(ending.result) };
  } catch {
    const failure = {
      reason: "protocol",
      detail: "the result is nested too deeply, or too large, to be passed on",
    } as const;
    return { ending: { failure }, json: undefined };
  }
};

/** The stamps of an operation as durations (docs/measurement.md). What was not reached is absent. */
const toSample = (operation: Operation, name: string, outcome: Outcome): Sample => {
  // A failure without a last byte (a timeout, a lost connection) ends when it is settled: now.
  const endMs = operation.endMs || performance.now();
  // One that was waiting for a credential ends in its pause.
  operation.settle(endMs);
  const { dispatchedMs, sentMs, headersMs, firstEventMs, heldMs, intendedMs, waitedMs } = operation;
  // One shape for all of them: this is made for every call.
  return {
    name,
    outcome,
    endMs,
    // What our own guard held back is nobody's slowness: it is in neither time (docs/measurement.md).
    responseMs: Math.max(0, endMs - intendedMs - heldMs),
    serviceMs: sentMs > 0 ? endMs - sentMs : undefined,
    connectMs: sentMs > 0 ? sentMs - dispatchedMs : undefined,
    headersMs: headersMs > 0 ? headersMs - sentMs : undefined,
    firstEventMs: firstEventMs > 0 ? firstEventMs - sentMs : undefined,
    // A planned start that found every user busy waited for the server's answers to others: in the response time, and no
    // delay of the harness.
    beforeMs: dispatchedMs > 0 ? Math.max(0, dispatchedMs - intendedMs - heldMs - waitedMs) : undefined,
    underWay: operation.underWay > 0 ? operation.underWay : undefined,
    bytesIn: operation.bytesIn,
    bytesOut: operation.bytesOut,
  };
};
