/** All kinds of facts that a record can hold: one row each. Adding one is a file and a row. */
import { BURSTS } from "./bursts.ts";
import { BY_LOAD } from "./by-load.ts";
import { CONNECTIONS } from "./connections.ts";
import type { FactKind } from "./fact-kind.ts";
import { FROM_SERVER_FACTS } from "./from-server.ts";
import { ISOLATION } from "./isolation.ts";
import { SERVER_MEMORY } from "./server-memory.ts";
import { SILENCES } from "./silences.ts";
import { STREAMS } from "./streams.ts";
import { TOOLS } from "./tools.ts";

export const FACT_KINDS = {
  bursts: BURSTS,
  connections: CONNECTIONS,
  streams: STREAMS,
  fromServer: FROM_SERVER_FACTS,
  isolation: ISOLATION,
  serverMemory: SERVER_MEMORY,
  byLoad: BY_LOAD,
  silences: SILENCES,
  tools: TOOLS,
} as const;

export type FactName = keyof typeof FACT_KINDS;
export const FACT_NAMES = Object.keys(FACT_KINDS) as readonly FactName[];

type EventOf<Kind> = Kind extends FactKind<infer Event, infer _Section> ? Event : never;

/** One thing to be kept: which kind it is of, and what was seen. */
export type Fact = {
  readonly [Name in FactName]: { readonly kind: Name; readonly event: EventOf<(typeof FACT_KINDS)[Name]> };
}[FactName];
