import type { Results } from "../config/settings.ts";
import type { CallMessage } from "./link/messages.ts";
import type { Method } from "./mcp-session.ts";

/** What becomes of one call's result: what its user wants, else what its server's entry says. */

/** Whose results may be large, and are looked at by nobody but the test. Lists are joined of pages, others are small. */
const READ_AS_THEY_COME: ReadonlySet<Method> = new Set(["tools/call", "resources/read", "prompts/get"]);

export interface ResultsOfCall {
  /** How the wire is to read it. */
  readonly reading: Results;
  /** Whether it goes to Python. */
  readonly isWanted: boolean;
}

const BY_BODY = { true: "kept", false: "dropped", hash: "hashed" } as const;
const KEPT: ResultsOfCall = { reading: "kept", isWanted: true };
const NOT_WANTED: ResultsOfCall = { reading: "kept", isWanted: false };

/** @param normally what the server's entry says */
export const resultsOf = ({ method, body }: Pick<CallMessage, "method" | "body">, normally: Results): ResultsOfCall => {
  if (!READ_AS_THEY_COME.has(method)) return body === false ? NOT_WANTED : KEPT;
  const reading = body === null ? normally : BY_BODY[`${body}`];
  return reading === "kept" ? KEPT : { reading, isWanted: false };
};
