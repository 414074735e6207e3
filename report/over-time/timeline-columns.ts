/** The timeline of a run as columns: one value a slot, read in one walk over the rows. */
import { entriesOf } from "../../record/entries-of.ts";
import { OUTCOMES, type Outcome } from "../../record/reason.ts";
import { serverNames } from "../../record/server-part.ts";
import type { TimelineRow } from "../../record/timeline.ts";
import type { NamedRows, TimelineQuestion } from "../../record/timeline-answers.ts";
import { slotsOf } from "./time-slots.ts";

/** One value a slot; null where there was no reading. */
export type Column = (number | null)[];

type GaugesRow = NonNullable<TimelineRow["gauges"]>;

/** What of a slot's readings stands for it: of what comes and goes their mean, of what must not happen the worst. */
const GAUGES = {
  users: { of: ({ users }) => users, join: "mean" },
  sessions: { of: ({ sessionsOpen }) => sessionsOpen, join: "mean" },
  inFlight: { of: ({ operationsInFlight }) => operationsInFlight, join: "mean" },
  eventLoopDelayP99Ms: { of: ({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms, join: "worst" },
  eventLoopDelayMaxMs: { of: ({ eventLoopDelayMaxMs }) => eventLoopDelayMaxMs, join: "worst" },
  bridgeCpu: { of: ({ bridgeCpu }) => bridgeCpu, join: "mean" },
  locustCpu: { of: ({ locustCpu }) => locustCpu, join: "mean" },
  bridgeRssBytes: { of: ({ bridgeRssBytes }) => bridgeRssBytes, join: "worst" },
  linkLagMs: { of: ({ linkLagMs }) => linkLagMs ?? null, join: "worst" },
} as const satisfies Record<string, { of: (row: GaugesRow) => number | null; join: "mean" | "worst" }>;

export type GaugeName = keyof typeof GAUGES;
const GAUGE_NAMES = Object.keys(GAUGES) as GaugeName[];

export interface TimelineColumns {
  /** Seconds of which there is a row, by slot. */
  readonly rows: readonly number[];
  readonly gauges: Readonly<Record<GaugeName, Column>>;
  readonly sessionsByServer: ReadonlyMap<string, Column>;
  /** Operations that ended of themselves: what was cut off is in no column. Rows of older records do not tell it apart. */
  readonly ended: readonly number[];
  readonly failed: readonly number[];
  readonly endedByServer: ReadonlyMap<string, number[]>;
  /** Failures by reason; `null` holds those of rows that do not say theirs. In the order of the closed list. */
  readonly reasons: ReadonlyMap<Outcome | null, number[]>;
  /** null where nothing was planned, or the rows are from before there were any. */
  readonly arrivals: { readonly begun: readonly number[]; readonly dropped: readonly number[] } | null;
}

/** Servers that get columns of their own; what comes behind them is in the sums only. */
const MOST_SERVERS = 50;

export const TIMELINE_COLUMNS: TimelineQuestion<TimelineColumns> = ({ file }) => {
  const slots = slotsOf(file);
  const columns = new Columns(slots.count);
  return {
    take: (row, operations) => columns.take(row, operations, slots.at(row.second)),
    found: () => columns.finished(),
  };
};

class Columns {
  readonly #length: number;
  readonly #rows: number[];
  readonly #serverIn = serverNames();
  readonly #ended: number[];
  readonly #failed: number[];
  readonly #gauges: Record<GaugeName, JoinedGauge>;
  readonly #sessions = new Map<string, JoinedGauge>();
  readonly #endedByServer = new Map<string, number[]>();
  readonly #reasons = new Map<Outcome | null, number[]>();
  #arrivals: { begun: number[]; dropped: number[] } | null = null;

  constructor(length: number) {
    this.#length = length;
    this.#rows = zeros(length);
    this.#ended = zeros(length);
    this.#failed = zeros(length);
    const each = GAUGE_NAMES.map((name) => [name, new JoinedGauge(length, GAUGES[name].join)] as const);
    this.#gauges = Object.fromEntries(each) as Record<GaugeName, JoinedGauge>;
  }

  take({ arrivals, gauges }: TimelineRow, operations: NamedRows, slot: number): void {
    increase(this.#rows, slot, 1);
    for (const [name, { count: all, failures: unanswered, reasons }] of operations) {
      const server = this.#serverIn(name);
      const { cancelled: cutOff = 0, ...own } = reasons ?? {};
      const [count, failures] = [all - cutOff, unanswered - cutOff];
      increase(this.#ended, slot, count);
      increase(this.#failed, slot, failures);
      increase(this.#of(this.#endedByServer, server), slot, count);
      if (failures === 0) continue;
      if (reasons === undefined) increase(this.#reasonColumn(null), slot, failures);
      else for (const [reason, times] of entriesOf(own)) increase(this.#reasonColumn(reason), slot, times);
    }
    for (const { begun, dropped } of Object.values(arrivals ?? {})) {
      this.#arrivals ??= { begun: zeros(this.#length), dropped: zeros(this.#length) };
      increase(this.#arrivals.begun, slot, begun);
      increase(this.#arrivals.dropped, slot, dropped);
    }
    if (gauges === null) return;
    for (const name of GAUGE_NAMES) this.#gauges[name].take(GAUGES[name].of(gauges), slot);
    for (const [server, open] of Object.entries(gauges.sessionsByServer ?? {}))
      this.#sessionsOf(server)?.take(open, slot);
  }

  finished(): TimelineColumns {
    const gauges = Object.fromEntries(GAUGE_NAMES.map((name) => [name, this.#gauges[name].column()]));
    const ordered = [...OUTCOMES, null].flatMap((reason) => {
      const column = this.#reasons.get(reason);
      return column === undefined ? [] : [[reason, column] as const];
    });
    return {
      rows: this.#rows,
      gauges: gauges as Record<GaugeName, Column>,
      sessionsByServer: new Map([...this.#sessions].map(([server, gauge]) => [server, gauge.column()])),
      ended: this.#ended,
      failed: this.#failed,
      endedByServer: this.#endedByServer,
      reasons: new Map(ordered),
      arrivals: this.#arrivals,
    };
  }

  #of(columns: Map<string, number[]>, server: string): number[] | null {
    const held = columns.get(server);
    if (held !== undefined || columns.size >= MOST_SERVERS) return held ?? null;
    const fresh = zeros(this.#length);
    columns.set(server, fresh);
    return fresh;
  }

  #reasonColumn(reason: Outcome | null): number[] {
    const column = this.#reasons.get(reason) ?? zeros(this.#length);
    this.#reasons.set(reason, column);
    return column;
  }

  #sessionsOf(server: string): JoinedGauge | null {
    const held = this.#sessions.get(server);
    if (held !== undefined || this.#sessions.size >= MOST_SERVERS) return held ?? null;
    const fresh = new JoinedGauge(this.#length, "mean");
    this.#sessions.set(server, fresh);
    return fresh;
  }
}

class JoinedGauge {
  readonly #join: "mean" | "worst";
  readonly #readings: number[];
  readonly #values: number[];

  constructor(length: number, join: "mean" | "worst") {
    this.#join = join;
    this.#readings = zeros(length);
    this.#values = zeros(length);
  }

  take(value: number | null, slot: number): void {
    if (value === null) return;
    increase(this.#readings, slot, 1);
    if (this.#join === "mean") increase(this.#values, slot, value);
    else this.#values[slot] = Math.max(this.#values[slot] ?? 0, value);
  }

  column(): Column {
    return this.#values.map((value, slot) => {
      const readings = this.#readings[slot] ?? 0;
      if (readings === 0) return null;
      return this.#join === "mean" ? value / readings : value;
    });
  }
}

const zeros = (length: number): number[] => new Array<number>(length).fill(0);

const increase = (column: number[] | null, slot: number, by: number): void => {
  if (column !== null) column[slot] = (column[slot] ?? 0) + by;
};
