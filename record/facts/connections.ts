/**
 * The connections to each server: opened, used again, closed and by whom, refused and why, how many were open at once.
 * For a server that is a process its children count as connections. docs/connections.md.
 */
import * as z from "zod";
import type { FactKeeper, FactKind } from "./fact-kind.ts";
import { addSpan, type OpenSpan, openSpan, peakOf } from "./open-spans.ts";

export const CONNECTION_PROTOCOLS = ["http/1.1", "h2", "stdio"] as const;
export type ConnectionProtocol = (typeof CONNECTION_PROTOCOLS)[number];

/** What happened with one server's connections since the last event. */
export interface ConnectionsEvent {
  readonly server: string;
  /** Wall clock, ms. */
  readonly atMs: number;
  /** Requests that were handed to a connection, or waited for one. */
  readonly requests: number;
  readonly opened: Readonly<Partial<Record<ConnectionProtocol, number>>>;
  readonly closedByServer: number;
  readonly closedByUs: number;
  /** By the system's code, such as ECONNREFUSED. */
  readonly failed: Readonly<Record<string, number>>;
  /** Most at once, since the last event. */
  readonly open: number;
  /** Standalone GET streams, most at once since the last event. */
  readonly streams: number;
}

const count = z.number().int();

const connectionsRecord = z.object({
  requests: count,
  opened: z.partialRecord(z.enum(CONNECTION_PROTOCOLS), count),
  /** Requests that went over a connection which was there already. */
  reused: count,
  closedByServer: count,
  closedByUs: count,
  failed: z.record(z.string(), count),
  peakOpen: count,
  peakStreams: count,
  /** From which the peaks of several records are added: processes of one run are at it together. */
  spans: z.array(openSpan),
});
const connections = z.record(z.string(), connectionsRecord);
export type ConnectionsRecord = z.infer<typeof connectionsRecord>;
export type Connections = z.infer<typeof connections>;

export const CONNECTIONS: FactKind<ConnectionsEvent, Connections> = {
  schema: connections,
  keeper: () => new ConnectionsKeeper(),
};

/** Codes of the system are a few dozen; whatever else comes is one row. */
const MOST_CODES = 30;
const OTHER = "other";

interface Held {
  requests: number;
  readonly opened: Partial<Record<ConnectionProtocol, number>>;
  closedByServer: number;
  closedByUs: number;
  readonly failed: Record<string, number>;
  /** Of the process that is being heard. */
  span: OpenSpan | null;
  readonly spans: OpenSpan[];
}

class ConnectionsKeeper implements FactKeeper<ConnectionsEvent, Connections> {
  readonly #servers = new Map<string, Held>();

  hear(event: ConnectionsEvent): void {
    const held = this.#of(event.server);
    held.requests += event.requests;
    addCounts(held, event);
    const { fromMs, open, streams } = held.span ?? { fromMs: event.atMs, open: 0, streams: 0 };
    held.span = {
      fromMs,
      toMs: event.atMs,
      open: Math.max(open, event.open),
      streams: Math.max(streams, event.streams),
    };
  }

  add(section: Connections): void {
    for (const [server, theirs] of Object.entries(section)) {
      const held = this.#of(server);
      held.requests += theirs.requests;
      addCounts(held, theirs);
      for (const span of theirs.spans) addSpan(held.spans, span);
    }
  }

  section(): Connections {
    return Object.fromEntries([...this.#servers].map(([server, held]) => [server, recordOf(held)]));
  }

  #of(server: string): Held {
    let held = this.#servers.get(server);
    if (held === undefined) {
      held = { requests: 0, opened: {}, closedByServer: 0, closedByUs: 0, failed: {}, span: null, spans: [] };
      this.#servers.set(server, held);
    }
    return held;
  }
}

const recordOf = ({ span, requests, opened, closedByServer, closedByUs, failed, spans }: Held): ConnectionsRecord => {
  const all = spans.map((each) => ({ ...each }));
  if (span !== null) addSpan(all, span);
  return {
    requests,
    opened: { ...opened },
    reused: Math.max(0, requests - sum(opened) - sum(failed)),
    closedByServer,
    closedByUs,
    failed: { ...failed },
    peakOpen: peakOf(all, "open"),
    peakStreams: peakOf(all, "streams"),
    spans: all,
  };
};

const addCounts = (
  held: Held,
  {
    opened,
    closedByServer,
    closedByUs,
    failed,
  }: Pick<ConnectionsEvent, "opened" | "failed" | "closedByServer" | "closedByUs">,
): void => {
  held.closedByServer += closedByServer;
  held.closedByUs += closedByUs;
  for (const protocol of CONNECTION_PROTOCOLS) {
    const more = opened[protocol] ?? 0;
    if (more > 0) held.opened[protocol] = (held.opened[protocol] ?? 0) + more;
  }
  for (const [code, times] of Object.entries(failed)) {
    const kept = Object.hasOwn(held.failed, code) || Object.keys(held.failed).length < MOST_CODES ? code : OTHER;
    held.failed[kept] = (held.failed[kept] ?? 0) + times;
  }
};

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0);
