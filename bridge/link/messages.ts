import { isOutcome, type Reason } from "../../record/reason.ts";
import type { Tally } from "../../record/sample.ts";
import type { TypedLoad } from "../../traffic/shape/load-plan.ts";
import type { BurstPlace } from "../bursts.ts";
import { METHODS, type Method } from "../mcp-session.ts";
import { LinkError } from "./link-error.ts";

/**
 * The lines that Python sends, parsed once and typed from there on (docs/link-protocol.md). Checked by hand, not by
 * a schema library: this stands on the way of every call.
 */

export const LINK_VERSION = 1;

export interface Share {
  readonly index: number;
  readonly of: number;
}

export type Message =
  | {
      readonly op: "hello";
      readonly v: number;
      readonly project: string;
      readonly process: { readonly kind: "local" | "worker"; readonly index: number; readonly pid: number };
      readonly versions: Readonly<Record<string, string>>;
      /** What Locust was given of the load. */
      readonly load: TypedLoad;
    }
  | { readonly op: "clock"; readonly id: number }
  | {
      readonly op: "start";
      readonly id: number;
      readonly run: string;
      readonly part: string | null;
      readonly share: Share;
      readonly plan: Readonly<Record<string, string | number | null>>;
      readonly tally: Tally | null;
    }
  | { readonly op: "share"; readonly share: Share }
  | UsersMessage
  | OpenMessage
  | CallMessage
  | CloseMessage
  | ArrivalsMessage
  | TurnMessage
  | { readonly op: "cancel"; readonly id: number }
  | { readonly op: "mark"; readonly id: number; readonly session: number; readonly detail: string }
  | ArgumentsMessage
  | { readonly op: "stats"; readonly id: number }
  | { readonly op: "live"; readonly id: number }
  | { readonly op: "stop"; readonly id: number; readonly reason: string; readonly tally: Tally | null }
  | { readonly op: "quit" };

/** What Locust says of its own process, once a second. */
export interface UsersMessage {
  readonly op: "users";
  readonly n: number;
  /** When it was handed to the link. */
  readonly at?: number | undefined;
  readonly locustCpu: number | null;
  readonly locustLateMs?: number | undefined;
  readonly locustWaited?: number | undefined;
}

interface OnSession {
  readonly id: number;
  readonly session: number;
  readonly at: number;
  readonly late: number | null;
  /** Of the time since `at`, how long a planned start waited for a free user. Absent: not at all. */
  readonly waited?: number | undefined;
}
export interface OpenMessage extends OnSession {
  readonly op: "open";
  readonly server: string;
  /** Number of the user among those of this server in this process, the same for all its sessions; from 0. */
  readonly user: number;
}
export interface CallMessage extends OnSession {
  readonly op: "call";
  readonly method: Method;
  readonly params: Readonly<Record<string, unknown>>;
  readonly as: string | null;
  readonly timeoutMs: number | null;
  /** Whether the result is wanted, or its hash alone; null: as the server's entry in loadtest.yaml says. */
  readonly body: boolean | "hash" | null;
  /** Set when it is one of several calls that are sent at once. */
  readonly burst?: BurstPlace | undefined;
}
export interface ArgumentsMessage {
  readonly op: "arguments";
  readonly id: number;
  /** A tool's `inputSchema`, of whatever shape its server sent. */
  readonly schema: unknown;
  readonly seed: number;
  readonly count: number;
}
export interface CloseMessage extends OnSession {
  readonly op: "close";
}

/** A turn that has ended. Moments of the bridge's clock. */
export interface TurnMessage {
  readonly op: "turn";
  readonly server: string;
  /** The last part of its name. */
  readonly turn: string;
  /** Intended start. */
  readonly at: number;
  /** First call sent, last call ended. */
  readonly from: number;
  readonly to: number;
  /** Of its first failure; null when there was none. */
  readonly reason: Reason | null;
}

/** What became of planned starts since the last such line. */
export interface ArrivalsMessage {
  readonly op: "arrivals";
  readonly server: string;
  /** What arrives: the last part of the name. */
  readonly what: string;
  /** Of each one that began, how late. */
  readonly lateMs: readonly number[];
  /** How many found no free user. */
  readonly dropped: number;
}

type Fields = Record<string, unknown>;

const METHOD_SET: ReadonlySet<string> = new Set(METHODS);
/** A run's and a part's name become folders: one plain name, nothing that climbs. */
const FOLDER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;
const MAX_TEXT = 4096;
/** Sets of arguments in one answer. */
const MOST_ARGUMENTS = 64;
/** The record's histograms end here; Node's timers would fire at once somewhat later. */
const LONGEST_MS = 3_600_000;

/** @throws {LinkError} LINK_BAD_LINE; `detail.why` names the field, never its value. */
export const parseMessage = (line: string): Message => {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch (cause) {
    throw new LinkError("LINK_BAD_LINE", { why: "not JSON" }, { cause });
  }
  return readMessage(fields);
};

/** The same for a line that is parsed already: the HTTP face takes these as bodies. */
export const readMessage = (value: unknown): Message => {
  const fields = object(value, "line");
  const read = typeof fields.op === "string" && Object.hasOwn(READERS, fields.op) ? READERS[fields.op] : undefined;
  if (read === undefined) throw new LinkError("LINK_BAD_LINE", { why: "unknown op" });
  return read(fields);
};

const READERS: Readonly<Record<string, (fields: Fields) => Message>> = {
  hello: (f) => {
    const process = object(f.process, "process");
    return {
      op: "hello",
      v: number(f.v, "v"),
      project: text(f.project, "project"),
      process: {
        kind: process.kind === "worker" ? "worker" : "local",
        index: number(process.index ?? 0, "process.index"),
        pid: number(process.pid, "process.pid"),
      },
      versions: texts(f.versions, "versions"),
      load: typedLoad(f.load),
    };
  },
  clock: (f) => ({ op: "clock", id: id(f) }),
  start: (f) => ({
    op: "start",
    id: id(f),
    run: folder(f.run, "run"),
    part: f.part === null || f.part === undefined ? null : folder(f.part, "part"),
    share: share(f.share),
    plan: plan(f.plan),
    tally: tally(f.tally),
  }),
  share: (f) => ({ op: "share", share: share(f.share) }),
  users: (f) => ({
    op: "users",
    n: number(f.n, "n"),
    at: optionalNumber(f.at),
    locustCpu: optionalNumber(f.locustCpu) ?? null,
    locustLateMs: optionalNumber(f.locustLateMs),
    locustWaited: optionalNumber(f.locustWaited),
  }),
  open: (f) => ({ op: "open", ...onSession(f), server: text(f.server, "server"), user: user(f) }),
  call: (f) => ({
    op: "call",
    ...onSession(f),
    method: method(f.method),
    params: f.params === undefined || f.params === null ? {} : object(f.params, "params"),
    as: typeof f.as === "string" ? f.as : null,
    timeoutMs: typeof f.timeoutMs === "number" && f.timeoutMs > 0 ? Math.min(f.timeoutMs, LONGEST_MS) : null,
    body: typeof f.body === "boolean" || f.body === "hash" ? f.body : null,
    burst: f.burst === undefined ? undefined : burst(f.burst),
  }),
  close: (f) => ({ op: "close", ...onSession(f) }),
  arrivals: (f) => ({
    op: "arrivals",
    server: text(f.server, "server"),
    what: text(f.what, "what"),
    lateMs: numbers(f.lateMs, "lateMs"),
    dropped: amount(f.dropped, "dropped"),
  }),
  turn: (f) => ({
    op: "turn",
    server: text(f.server, "server"),
    turn: text(f.turn, "turn"),
    at: number(f.at, "at"),
    from: number(f.from, "from"),
    to: number(f.to, "to"),
    reason: reason(f.reason),
  }),
  cancel: (f) => ({ op: "cancel", id: id(f) }),
  mark: (f) => ({
    op: "mark",
    id: id(f),
    session: number(f.session, "session"),
    detail: typeof f.detail === "string" ? f.detail : "",
  }),
  arguments: (f) => ({
    op: "arguments",
    id: id(f),
    schema: f.schema,
    seed: number(f.seed, "seed") >>> 0,
    count: Math.min(MOST_ARGUMENTS, Math.max(1, Math.trunc(number(f.count, "count")))),
  }),
  stats: (f) => ({ op: "stats", id: id(f) }),
  live: (f) => ({ op: "live", id: id(f) }),
  stop: (f) => ({ op: "stop", id: id(f), reason: text(f.reason, "reason"), tally: tally(f.tally) }),
  quit: () => ({ op: "quit" }),
};

const onSession = (f: Fields): OnSession => ({
  id: id(f),
  session: number(f.session, "session"),
  at: number(f.at, "at"),
  late: typeof f.late === "number" ? f.late : null,
  waited: typeof f.waited === "number" ? f.waited : undefined,
});

/** Who does not number its users has one for each session. */
const user = (f: Fields): number => {
  const value = f.user ?? f.session;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw bad("user");
  return value;
};

const bad = (field: string): LinkError => new LinkError("LINK_BAD_LINE", { why: `field ${field}` });

const object = (value: unknown, field: string): Fields => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(field);
  return value as Fields;
};
const optionalNumber = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

const number = (value: unknown, field: string): number => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw bad(field);
  return value;
};
const id = (f: Fields): number => {
  const value = f.id;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1) throw bad("id");
  return value;
};
const text = (value: unknown, field: string): string => {
  if (typeof value !== "string" || value.length > MAX_TEXT) throw bad(field);
  return value;
};
const reason = (value: unknown): Reason | null => {
  if (value === null || value === undefined) return null;
  if (!isOutcome(value) || value === "ok") throw bad("reason");
  return value;
};
/** A generous bound: a server that is asked more than this at once by one user is asked by a fault of the test. */
const MOST_IN_A_BURST = 1_000;
const burst = (value: unknown): BurstPlace => {
  const fields = object(value, "burst");
  const of = number(fields.of, "burst.of");
  if (!Number.isInteger(of) || of < 1 || of > MOST_IN_A_BURST) throw bad("burst.of");
  const turn = fields.turn === undefined || fields.turn === null ? null : text(fields.turn, "burst.turn");
  return { id: number(fields.id, "burst.id"), of, turn };
};
/** As many as one line may tell. A program that has more writes another line. */
const MOST_IN_A_LINE = 10_000;
const numbers = (value: unknown, field: string): number[] => {
  if (!Array.isArray(value) || value.length > MOST_IN_A_LINE) throw bad(field);
  return value.map((each) => number(each, field));
};
const amount = (value: unknown, field: string): number => {
  const n = number(value, field);
  if (!Number.isInteger(n) || n < 0 || n > MOST_IN_A_LINE) throw bad(field);
  return n;
};
const texts = (value: unknown, field: string): Record<string, string> => {
  const entries = Object.entries(object(value ?? {}, field));
  return Object.fromEntries(entries.map(([key, entry]) => [key, text(entry, field)]));
};
const folder = (value: unknown, field: string): string => {
  const name = text(value, field);
  if (!FOLDER_NAME.test(name)) throw bad(field);
  return name;
};
const method = (value: unknown): Method => {
  if (typeof value !== "string" || !METHOD_SET.has(value)) throw bad("method");
  return value as Method;
};
const typedLoad = (value: unknown): TypedLoad => {
  const { shape, users, runTimeS } = object(value ?? {}, "load");
  return {
    ...(shape != null && { shape: text(shape, "load.shape") }),
    ...(users != null && { users: number(users, "load.users") }),
    ...(runTimeS != null && { runTimeMs: number(runTimeS, "load.runTimeS") * 1000 }),
  };
};
const share = (value: unknown): Share => {
  const fields = object(value ?? { index: 0, of: 1 }, "share");
  const index = number(fields.index, "share.index");
  const of = number(fields.of, "share.of");
  if (!Number.isInteger(of) || of < 1 || !Number.isInteger(index) || index < 0 || index >= of) throw bad("share");
  return { index, of };
};
const plan = (value: unknown): Record<string, string | number | null> => {
  const entries = Object.entries(object(value ?? {}, "plan"));
  const isPlain = (entry: unknown): entry is string | number | null =>
    entry === null || typeof entry === "string" || typeof entry === "number";
  return Object.fromEntries(entries.filter((entry): entry is [string, string | number | null] => isPlain(entry[1])));
};
const tally = (value: unknown): Tally | null => {
  if (value === null || value === undefined) return null;
  const names = Object.entries(object(value, "tally"));
  const counts = (of: unknown) =>
    Object.fromEntries(
      Object.entries(object(of, "tally")).map(([outcome, n]) => {
        if (!isOutcome(outcome)) throw bad("tally");
        return [outcome, number(n, "tally")];
      }),
    );
  return Object.fromEntries(names.map(([name, of]) => [name, counts(of)]));
};
