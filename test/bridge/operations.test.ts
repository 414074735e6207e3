import { describe, expect, test } from "vitest";
import { Guard } from "../../bridge/guard.ts";
import { IsolationCount } from "../../bridge/isolation-count.ts";
import { KeptResults, MOST_KEPT_BYTES } from "../../bridge/kept-results.ts";
import type { End } from "../../bridge/link/end-line.ts";
import { isHeld } from "../../bridge/link/end-line.ts";
import type { CallMessage, CloseMessage, OpenMessage } from "../../bridge/link/messages.ts";
import type { McpServer, McpSession } from "../../bridge/mcp-session.ts";
import { type Ending, Operation } from "../../bridge/operation.ts";
import { Operations } from "../../bridge/operations.ts";
import type { ServerSettings } from "../../config/settings.ts";
import type { Fact } from "../../record/facts/fact-kinds.ts";
import type { Outcome } from "../../record/reason.ts";
import type { Recorder } from "../../record/recorder.ts";
import { NO_TOTALS } from "../../record/recorder.ts";
import type { Sample } from "../../record/sample.ts";
import { fixedCredentials } from "../auth/fixed-credential.ts";
import { serverSettings } from "../server-settings.ts";

/** A session that ends each call when the test says so, stamped as the transport would. */
class ScriptedSession implements McpSession {
  readonly era = "session";
  readonly handshake = "initialize";
  isOpen = false;
  closed = 0;
  closedUnasked = 0;
  readonly pending = new Map<Operation, (ending: Ending) => void>();

  static refuses = false;
  static hangs = false;

  async open(operation: Operation): Promise<Ending> {
    if (ScriptedSession.refuses) return { failure: { reason: "connect" } };
    this.isOpen = true;
    stamp(operation);
    return { failure: null, result: null };
  }
  call(operation: Operation): Promise<Ending> {
    return new Promise((resolve) => this.pending.set(operation, resolve));
  }
  async close(operation: Operation | null): Promise<Ending & { wasSent: boolean }> {
    this.isOpen = false;
    this.closed += 1;
    if (operation === null) this.closedUnasked += 1;
    else stamp(operation);
    if (ScriptedSession.hangs) await new Promise(() => undefined);
    return { failure: null, result: null, wasSent: true };
  }
  abort(operation: Operation, reason: "cancelled" | "timeout"): void {
    this.end(operation, { failure: { reason } });
  }
  end(operation: Operation, ending: Ending): void {
    this.pending.get(operation)?.(ending);
    this.pending.delete(operation);
  }
  /** Answers all that is under way. */
  answer(ending: Ending = { failure: null, result: { content: [] } }): void {
    for (const operation of [...this.pending.keys()]) {
      stamp(operation);
      this.end(operation, ending);
    }
  }
}

const stamp = (operation: Operation): void => {
  const now = performance.now();
  Object.assign(operation, { dispatchedMs: now, sentMs: now, headersMs: now, firstEventMs: now, endMs: now });
};

const recorded = () => {
  const record: Sample[] = [];
  const moves: { name: string; to: Outcome }[] = [];
  const hidden: string[] = [];
  const late: number[] = [];
  const facts: Fact[] = [];
  const recorder: Recorder = {
    dir: "",
    operation: (sample) => record.push(sample),
    failure: () => undefined,
    delivered: (ms) => late.push(ms),
    hidden: (name) => hidden.push(name),
    move: (sample, to) => moves.push({ name: sample.name, to }),
    fact: (fact) => facts.push(fact),
    gauges: () => undefined,
    totals: async () => NO_TOTALS,
    durations: async () => null,
    live: async () => null,
    stop: async () => undefined,
  };
  return { recorder, record, moves, hidden, late, facts };
};

const made = (url = "http://127.0.0.1:1/mcp", allow: ServerSettings["allow"] = null) => {
  const sessions: ScriptedSession[] = [];
  const settings = serverSettings({ url, allow });
  const mcp: McpServer = {
    connections: { read: () => null },
    redact: (detail) => detail,
    newSession: () => {
      const session = new ScriptedSession();
      sessions.push(session);
      return session;
    },
    close: async () => undefined,
  };
  const guard = new Guard(settings, () => undefined);
  const isolation = new IsolationCount(settings.name);
  const lane = { settings, mcp, guard, isolation, credentials: fixedCredentials() };
  const { recorder, ...seen } = recorded();
  const kept = new KeptResults();
  const operations = new Operations(
    (server) => (server === settings.name ? lane : null),
    () => recorder,
    kept,
  );
  return { operations, sessions, kept, ...seen };
};

let nextId = 1;
const on = (session: number) => ({ id: nextId++, session, at: performance.now(), late: null });
const open = (session = 1): OpenMessage => ({ op: "open", ...on(session), server: "learn", user: session });
const call = (session = 1): CallMessage => ({
  op: "call",
  ...on(session),
  method: "tools/call",
  params: { name: "search" },
  as: null,
  timeoutMs: null,
  body: true,
});
const close = (session = 1): CloseMessage => ({ op: "close", ...on(session) });
const outcomes = (samples: readonly Sample[]) => samples.map(({ name, outcome }) => `${name} ${outcome}`);
const ended = (end: Awaited<ReturnType<Operations["open"]>>): End => {
  if (isHeld(end)) throw new Error("held");
  return end;
};

describe("Operations", () => {
  test("each operation is counted once, under its name", async () => {
    const { operations, sessions, record } = made();
    await operations.open(open());
    const calling = operations.call(call());
    sessions[0]?.answer();
    const end = await calling;
    await operations.close(close());
    expect(end).toMatchObject({ name: "learn:tools/call:search", failure: null, result: '{"content":[]}' });
    expect(outcomes(record)).toEqual(["learn:initialize ok", "learn:tools/call:search ok", "learn:session/delete ok"]);
  });

  test("a call without an open session is session-lost, counted, and never reaches a socket", async () => {
    const { operations, record } = made();
    const end = await operations.call(call());
    expect(end.failure?.reason).toBe("session-lost");
    expect(end.serviceMs).toBeUndefined();
    expect(record).toHaveLength(1);
  });

  test("a server that is not in the configuration is an ending, not a crash", async () => {
    const { operations } = made();
    const end = ended(await operations.open({ ...open(), server: "__proto__" }));
    expect(end.failure?.reason).toBe("protocol");
  });

  test("a result that is not wanted stays in the bridge", async () => {
    const { operations, sessions } = made();
    await operations.open(open());
    const calling = operations.call({ ...call(), body: false });
    sessions[0]?.answer();
    expect(await calling).not.toHaveProperty("result");
  });

  test("of a result that is hashed the digest goes to Python, and the room that it held is free again", async () => {
    const { operations, sessions, kept } = made();
    await operations.open(open());
    const digest = { sha256: "0".repeat(64), bytes: 12, firstType: "text", firstBytes: 5 };
    const calling = operations.call({ ...call(), body: "hash" });
    const [operation] = sessions[0]?.pending.keys() ?? [];
    expect(operation).toMatchObject({ results: "hashed" });
    Object.assign(operation ?? {}, { digest });
    expect(operation && kept.hold(operation, 1_000)).toBe(true);
    sessions[0]?.answer();
    const end = await calling;
    expect(end).toMatchObject({ digest });
    expect(end).not.toHaveProperty("result");
    expect(kept.hold(new Operation(99, 0), MOST_KEPT_BYTES)).toBe(true);
  });

  test("a call that asks for progress is a fact, whether it was told of any or not; any other answer of one event is none", async () => {
    const { operations, sessions, facts } = made();
    await operations.open(open());
    const params = { name: "search", _meta: { progressToken: 7 } };
    const calls = [
      operations.call({ ...call(), params }),
      operations.call({ ...call(), params }),
      operations.call(call()),
    ];
    const [told] = sessions[0]?.pending.keys() ?? [];
    told?.hearProgress(performance.now());
    sessions[0]?.answer();
    await Promise.all(calls);
    expect(facts).toMatchObject([
      { kind: "streams", event: { name: "learn:tools/call:search", askedForProgress: true, progress: 1 } },
      { kind: "streams", event: { name: "learn:tools/call:search", askedForProgress: true, progress: 0, events: 1 } },
    ]);
  });

  test("a cancel ends the call as cancelled", async () => {
    const { operations } = made();
    await operations.open(open());
    const message = call();
    const calling = operations.call(message);
    operations.cancel(message.id);
    expect((await calling).failure?.reason).toBe("cancelled");
  });

  test("a cancel also ends a call that the guard still holds back", async () => {
    const { operations, sessions, record } = made("https://example.com/mcp");
    await operations.open(open());
    const message = call();
    const calling = operations.call(message);
    operations.cancel(message.id);
    const end = await calling;
    expect(end.failure?.reason).toBe("cancelled");
    expect(sessions[0]?.pending.size).toBe(0);
    expect(record.at(-1)?.serviceMs).toBeUndefined();
  });

  test("the 18th user of somebody else's server is held: nothing begun, nothing counted", async () => {
    const { operations, record } = made("https://example.com/mcp");
    const opened = Array.from({ length: 18 }, (_, session) => operations.open(open(session)));
    const last = await opened.at(-1);
    expect(last).toMatchObject({ held: true });
    await operations.closeAll(100);
    expect(record).toHaveLength(17);
  });

  test("close waits for the calls under way", async () => {
    const { operations, sessions, record } = made();
    await operations.open(open());
    const calling = operations.call(call());
    const closing = operations.close(close());
    sessions[0]?.answer();
    await Promise.all([calling, closing]);
    expect(outcomes(record).slice(1)).toEqual(["learn:tools/call:search ok", "learn:session/delete ok"]);
  });

  test("a failed expect moves a good call, once, and no other", async () => {
    const { operations, sessions, moves } = made();
    await operations.open(open());
    const first = call();
    const calling = operations.call(first);
    sessions[0]?.answer();
    await calling;
    operations.mark(1, first.id + 1000, "another call");
    operations.mark(1, first.id, "no content");
    operations.mark(1, first.id, "no content");
    expect(moves).toEqual([{ name: "learn:tools/call:search", to: "assertion" }]);
  });

  test("of calls in parallel each can be judged, however they ended", async () => {
    const { operations, sessions, moves } = made();
    await operations.open(open());
    const messages = Array.from({ length: 10 }, () => call());
    const calling = messages.map((message) => operations.call(message));
    sessions[0]?.answer();
    await Promise.all(calling);
    for (const { id } of messages.reverse()) operations.mark(1, id, "no content");
    expect(moves).toHaveLength(10);
  });

  test("of a hundred calls at once each can be judged when the last has ended, and the burst is one fact", async () => {
    const { operations, sessions, moves, facts } = made();
    await operations.open(open());
    const messages = Array.from({ length: 100 }, () => ({ ...call(), burst: { id: 7, of: 100, turn: null } }));
    const calling = messages.map((message) => operations.call(message));
    sessions[0]?.answer();
    await Promise.all(calling);
    for (const { id } of messages) operations.mark(1, id, "no content");
    expect(moves).toHaveLength(100);
    expect(facts).toMatchObject([
      { kind: "bursts", event: { name: "learn:parallel", calls: 100, beforeMs: [], isAllOk: true } },
    ]);
  });

  test("a burst whose session is lost before it begins is told with all its calls", async () => {
    const { operations, facts } = made();
    const burst = { id: 7, of: 2, turn: null };
    await operations.call({ ...call(), burst });
    expect(facts).toEqual([]);
    await operations.call({ ...call(), burst });
    expect(facts).toMatchObject([{ event: { calls: 2, spansMs: [], beforeMs: [], isAllOk: false } }]);
  });

  test("a failed call cannot be judged again", async () => {
    const { operations, sessions, moves } = made();
    await operations.open(open());
    const first = call();
    const calling = operations.call(first);
    sessions[0]?.answer({ failure: { reason: "tool-error" }, result: {} });
    await calling;
    operations.mark(1, first.id, "no content");
    expect(moves).toEqual([]);
  });

  test("a result that no text can hold is a failure, and the bridge lives", async () => {
    const { operations, sessions, record } = made();
    await operations.open(open());
    const calling = operations.call(call());
    let deep: unknown[] = [];
    for (let level = 0; level < 200_000; level++) deep = [deep];
    sessions[0]?.answer({ failure: null, result: { content: [], structuredContent: { deep } } });
    expect((await calling).failure?.reason).toBe("protocol");
    expect(record.at(-1)?.outcome).toBe("protocol");
  });

  test("a session that was lost leaves nothing behind, and its place is free again", async () => {
    const { operations, sessions } = made("https://example.com/mcp", { users: 1, callsPerSecond: 10_000 });
    for (let session = 1; session <= 20; session++) {
      await operations.open(open(session));
      const losing = operations.call(call(session));
      await expect.poll(() => sessions.at(-1)?.pending.size).toBe(1);
      Object.assign(sessions.at(-1) ?? {}, { isOpen: false });
      sessions.at(-1)?.answer({ failure: { reason: "session-lost" } });
      expect((await losing).failure?.reason).toBe("session-lost");
      await expect.poll(() => sessions.at(-1)?.closed).toBe(1);
    }
    expect(operations.sessions()).toEqual([]);
    expect(sessions).toHaveLength(20);
  });

  test("a handshake that failed leaves nothing behind, and its place is free again", async () => {
    const { operations, sessions } = made("https://example.com/mcp", { users: 1, callsPerSecond: 10_000 });
    ScriptedSession.refuses = true;
    for (let session = 1; session <= 20; session++)
      expect(ended(await operations.open(open(session))).failure?.reason).toBe("connect");
    ScriptedSession.refuses = false;
    expect(operations.sessions()).toEqual([]);
    expect(ended(await operations.open(open(21))).failure).toBeNull();
    expect(sessions).toHaveLength(21);
  });

  test("calls in parallel on a lost session keep their own endings", async () => {
    const { operations, sessions } = made();
    await operations.open(open());
    const [first, second] = [operations.call(call()), operations.call(call())];
    const [session] = sessions;
    await expect.poll(() => session?.pending.size).toBe(2);
    Object.assign(session ?? {}, { isOpen: false });
    const [one] = session?.pending.keys() ?? [];
    if (one !== undefined) session?.end(one, { failure: { reason: "session-lost" } });
    await first;
    session?.answer({ failure: { reason: "http-404" } });
    expect((await second).failure?.reason).toBe("http-404");
  });

  test("a close that Locust sent late shows Locust's delay, not ours", async () => {
    const { operations, record } = made();
    await operations.open(open());
    await operations.close({ ...close(), at: performance.now() - 500 });
    expect(record.at(-1)?.beforeMs).toBeGreaterThanOrEqual(500);
  });

  test("a planned start that waited for a free user has the queue in its response time, and is no delay of the harness", async () => {
    const { operations, record } = made();
    await operations.open({ ...open(), at: performance.now() - 500, waited: 490 });
    expect(record[0]?.responseMs).toBeGreaterThanOrEqual(500);
    expect(record[0]?.beforeMs).toBeGreaterThanOrEqual(10);
    expect(record[0]?.beforeMs).toBeLessThan(500);
  });

  test("closeAll waits for the closes that users began", async () => {
    const { operations, sessions, record } = made();
    await operations.open(open());
    const calling = operations.call(call());
    const closing = operations.close(close());
    const ending = operations.closeAll(1000);
    sessions[0]?.answer();
    await ending;
    expect(outcomes(record)).toContain("learn:session/delete ok");
    await Promise.all([calling, closing]);
  });

  test("a close that the server does not answer in time is counted as cancelled", async () => {
    const { operations, record } = made();
    await operations.open(open());
    ScriptedSession.hangs = true;
    const closing = operations.close(close());
    await operations.closeAll(20);
    ScriptedSession.hangs = false;
    expect((await closing).failure?.reason).toBe("cancelled");
    expect(outcomes(record).at(-1)).toBe("learn:session/delete cancelled");
  });

  test("closeAll cancels what is under way, counts it, closes what is open, and says how many were left", async () => {
    const { operations, sessions, record } = made();
    await operations.open(open(1));
    await operations.open(open(2));
    const calling = operations.call(call(1));
    expect(await operations.closeAll(1000)).toBe(2);
    expect((await calling).failure?.reason).toBe("cancelled");
    expect(outcomes(record).at(-1)).toBe("learn:tools/call:search cancelled");
    expect(sessions.map(({ closed }) => closed)).toEqual([1, 1]);
    expect(sessions.map(({ closedUnasked }) => closedUnasked)).toEqual([1, 1]);
  });

  test("an open on a session that is still open closes the old one unseen", async () => {
    const { operations, sessions } = made();
    await operations.open(open());
    await operations.open(open());
    await operations.closeAll(1000);
    expect(sessions.map(({ closedUnasked }) => closedUnasked)).toEqual([1, 1]);
  });

  test("what our own guard held back is in neither time", async () => {
    const { operations, record } = made("https://example.com/mcp", { users: 9, callsPerSecond: 1 });
    await operations.open(open(1));
    await operations.open(open(2)); // held back for a second
    expect(record[1]?.responseMs).toBeLessThan(500);
    expect(record[1]?.beforeMs).toBeLessThan(500);
  });

  test("late deliveries reach the recorder", async () => {
    const { operations, late } = made();
    await operations.open({ ...open(), late: 1.5 });
    expect(late).toEqual([1.5]);
  });
});
