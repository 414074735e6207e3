import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "../fault.ts";
import { Slots } from "../slots.ts";

const CONNECTIONS = 5;
const STATEMENT_MS = 100;

/** The pool that both share in kind: one lets callers wait for a connection, one turns them away. */
const withPool = () => {
  const pool = new Slots(CONNECTIONS);
  const work = (_tool: unknown, query: string) =>
    pool.hold(async () => {
      await wait(STATEMENT_MS);
      return query;
    });
  return { pool, work };
};

export const pool = (): Fault => ({
  about: `${CONNECTIONS} connections to a database; who finds none waits`,
  work: withPool().work,
});

export const poolFull = (): Fault => {
  const { pool, work } = withPool();
  return {
    about: `${CONNECTIONS} connections to a database; who finds none gets 503`,
    work,
    refuseCall: () => (pool.areTaken ? { status: 503, message: "connection pool full" } : null),
  };
};
