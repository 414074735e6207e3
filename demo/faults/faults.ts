/** All servers that were made to show something: one row each. */

import { connectionLimit } from "./fault/connection-limit.ts";
import { eventLoopBlocked } from "./fault/event-loop-blocked.ts";
import { leaking } from "./fault/leaking.ts";
import { mixing } from "./fault/mixing.ts";
import { notReady, notReady503 } from "./fault/not-ready.ts";
import { pool, poolFull } from "./fault/pool.ts";
import { rateLimited } from "./fault/rate-limited.ts";
import { serialising } from "./fault/serialising.ts";
import { slowDependency } from "./fault/slow-dependency.ts";
import type { Fault } from "./fault.ts";

export const FAULT_SERVERS = {
  healthy: () => ({ about: "has no fault" }),
  serialising,
  "event-loop-blocked": eventLoopBlocked,
  pool,
  "pool-full": poolFull,
  leaking,
  mixing,
  "connection-limit": connectionLimit,
  "not-ready": notReady,
  "not-ready-503": notReady503,
  "slow-dependency": slowDependency,
  "rate-limited": rateLimited,
} as const satisfies Record<string, () => Fault>;

export type FaultName = keyof typeof FAULT_SERVERS;
export const FAULT_NAMES = Object.keys(FAULT_SERVERS) as readonly FaultName[];
export const isFaultName = (text: string): text is FaultName => Object.hasOwn(FAULT_SERVERS, text);
