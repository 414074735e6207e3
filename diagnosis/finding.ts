/**
 * What a run says about a server's fault, named. Each fault has a rule of its own, written down in docs/scenarios.md and tested
 * on a server that really has it; on a healthy server none of them speaks.
 */

/** The closed list, with what it usually takes. */
export const FAULTS = {
  serialising: "one call at a time: a lock or a single connection that all calls share",
  "event-loop-blocked": "work that blocks the server's event loop: worker threads, asynchronous libraries",
  "pool-exhausted": "a pool that is too small for the load: a larger one, or connections held for a shorter time",
  "connection-limit": "the server, or something before it, takes no more connections: raise its limit or its backlog",
  "sessions-mixed": "state that sessions share: caches, counters, module-level variables",
  "memory-leak": "something each call leaves behind: stream handles, timers, listeners, caches without a bound",
  "cold-start": "clients come before the server is ready: listen last, or a startup probe",
  "slow-dependency": "something behind one tool is slow under load: a circuit breaker, a shorter limit",
  "rate-limited": "the server or a gateway before it allows no more: not a fault of its code",
} as const;
export type Fault = keyof typeof FAULTS;

export interface Finding {
  readonly fault: Fault;
  readonly server: string;
  /** One sentence with the figures that it rests on. */
  readonly evidence: string;
}
