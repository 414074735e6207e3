/** One probe of one server: handshake, list of tools, perhaps a call that reads, and the end of the session. */

import type { Probe } from "../../capacity/probe/probe.ts";
import type { LoneEnd, LoneSessions } from "../lone-sessions.ts";

export interface ToolCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether a tool is called that does not say of itself that it only reads. */
  readonly mayWrite: boolean;
}

export type Sessions = Pick<LoneSessions, "open" | "call" | "close">;

/** The reason of a probe whose tool does not say, or no longer says, that it only reads. It is not called. */
export const MAY_WRITE = "tool-may-write";

/** JSON-RPC: a server without tools knows no such method. */
const METHOD_NOT_FOUND = -32601;

/**
 * Never rejects for what a server does.
 * @param atMs wall clock
 */
export const probeOnce = async (
  sessions: Sessions,
  { server, call, atMs }: { readonly server: string; readonly call: ToolCall | null; readonly atMs: number },
): Promise<Probe> => {
  const opened = await sessions.open(server);
  if (opened.failure !== null) return { atMs, isOk: false, reason: opened.failure.reason };
  try {
    const steps = await used(sessions, opened.session, call);
    return { atMs, initializeMs: rounded(opened.ms), ...steps };
  } finally {
    await sessions.close(opened.session);
  }
};

type Steps = Omit<Probe, "atMs" | "initializeMs">;

const used = async (sessions: Sessions, session: number, call: ToolCall | null): Promise<Steps> => {
  const list = await sessions.call(session, "tools/list", {});
  const hasNoTools = list.failure?.code === METHOD_NOT_FOUND;
  if (list.failure !== null && !hasNoTools) return { isOk: false, reason: list.failure.reason };
  const listed = hasNoTools ? {} : { listMs: rounded(list.ms) };
  if (call === null) return { isOk: true, ...listed };
  const refusal = refusalOf(list, call);
  if (refusal !== null) return { isOk: false, ...listed, reason: refusal };
  const ended = await sessions.call(session, "tools/call", { name: call.tool, arguments: call.args });
  if (ended.failure !== null) return { isOk: false, ...listed, reason: ended.failure.reason };
  return { isOk: true, ...listed, callMs: rounded(ended.ms) };
};

const refusalOf = ({ result }: LoneEnd, { tool, mayWrite }: ToolCall): string | null => {
  const tools = (result as { tools?: unknown } | undefined)?.tools;
  const found: unknown = Array.isArray(tools) ? tools.find((each) => nameOf(each) === tool) : undefined;
  if (found === undefined) return "tool-not-listed";
  const { annotations } = found as { annotations?: { readOnlyHint?: unknown } };
  return mayWrite || annotations?.readOnlyHint === true ? null : MAY_WRITE;
};

const nameOf = (tool: unknown): unknown => (tool as { name?: unknown } | null)?.name;

/** To microseconds. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
