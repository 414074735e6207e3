/** Opens an MCP server as a client would, once, with a credential or without, and closes again what it opened. */

import type { ServerSettings } from "../../config/settings.ts";
import { AuthError } from "../auth-error.ts";
import type { HttpAnswer } from "../http/http-question.ts";
import type { World } from "../world.ts";

export type CheckedServer = Pick<
  ServerSettings,
  "name" | "url" | "protocol" | "auth" | "headers" | "tls" | "limits" | "client"
>;

export type Handshake =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** The answer's `www-authenticate` header, or null. */
      readonly challenge: string | null;
      /** Its `date` header as wall clock, ms; null when there is none. */
      readonly dateMs: number | null;
      readonly method: Method;
      /** The JSON-RPC error in an answer whose status is fine; null when it is fine altogether. */
      readonly rpcErrorCode: number | null;
    }
  /** `why`: the system's code, or `timeout`. */
  | { readonly kind: "unreachable"; readonly why: string };

type Method = "initialize" | "server/discover";

const SESSION_REVISION = "2025-11-25";
const STATELESS_REVISION = "2026-07-28";

/** Which of the two eras' openings are tried, in this order. */
const methodsFor = (protocol: CheckedServer["protocol"]): readonly Method[] => {
  if (protocol === "auto") return ["initialize", "server/discover"];
  return [protocol === STATELESS_REVISION ? "server/discover" : "initialize"];
};

/** What a server answers to an opening that it does not know: its era is the other one. */
const IS_OTHER_ERA = new Set([400, 404, 405, 406, 415, 422, 501]);

/**
 * @param authorization the header's value, or null for none
 * @throws {AuthError} AUTH_INVALID when an answer is larger than any handshake
 */
export const handshake = async (
  server: CheckedServer,
  authorization: string | null,
  http: World["http"],
): Promise<Handshake> => {
  let first: Handshake | null = null;
  for (const method of methodsFor(server.protocol)) {
    const answered = await open(server, method, authorization, http);
    const isUnknown =
      answered.kind === "answered" && (IS_OTHER_ERA.has(answered.status) || answered.rpcErrorCode !== null);
    if (!isUnknown) return answered;
    first ??= answered;
  }
  return first as Handshake;
};

const open = async (
  server: CheckedServer,
  method: Method,
  authorization: string | null,
  http: World["http"],
): Promise<Handshake> => {
  const headers = {
    ...server.headers,
    "user-agent": `${server.client.name}/${server.client.version}`,
    ...(authorization !== null && { authorization }),
  };
  let answer: HttpAnswer;
  try {
    answer = await http({
      method: "POST",
      url: server.url,
      headers: {
        ...headers,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(method === "server/discover" && { "mcp-protocol-version": STATELESS_REVISION, "mcp-method": method }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: paramsOf(method, server) }),
      trust: "given",
      server,
      limitMs: server.limits.initializeMs,
    });
  } catch (error) {
    if (!(error instanceof AuthError) || error.code !== "AUTH_UNREACHABLE") throw error;
    return { kind: "unreachable", why: error.detail.why ?? "no answer" };
  }
  await close(server, answer, headers, http);
  const dateMs = Date.parse(answer.headers.date ?? "");
  return {
    kind: "answered",
    status: answer.status,
    challenge: answer.headers["www-authenticate"] ?? null,
    dateMs: Number.isNaN(dateMs) ? null : dateMs,
    method,
    rpcErrorCode: answer.status < 300 ? rpcErrorCode(answer) : null,
  };
};

const paramsOf = (method: Method, { protocol, client }: CheckedServer): Record<string, unknown> => {
  if (method === "initialize") {
    const protocolVersion = protocol === "auto" ? SESSION_REVISION : protocol;
    return { protocolVersion, capabilities: {}, clientInfo: client };
  }
  return {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": STATELESS_REVISION,
      "io.modelcontextprotocol/clientInfo": client,
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  };
};

/** A session that was opened only to see whether it can be is not left behind. A server may refuse the DELETE (405). */
const close = async (
  server: CheckedServer,
  { headers: { "mcp-session-id": session } }: HttpAnswer,
  headers: Readonly<Record<string, string>>,
  http: World["http"],
): Promise<void> => {
  if (session === undefined) return;
  try {
    await http({
      method: "DELETE",
      url: server.url,
      headers: { ...headers, "mcp-session-id": session, "mcp-protocol-version": SESSION_REVISION },
      trust: "given",
      server,
      limitMs: server.limits.closeMs,
      headersOnly: true,
    });
  } catch (error) {
    // The session ends by itself some time; whether it does is not what is checked here.
    if (!(error instanceof AuthError)) throw error;
  }
};

/** Of the answer's only message, JSON or the last event of a stream. @returns null when it is no error, or not JSON-RPC */
const rpcErrorCode = ({ headers, body }: HttpAnswer): number | null => {
  const isStream = headers["content-type"]?.startsWith("text/event-stream") === true;
  const text = isStream ? (body.split(/\r?\n/).findLast((line) => line.startsWith("data:")) ?? "").slice(5) : body;
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown } };
    return typeof error?.code === "number" ? error.code : null;
  } catch {
    return null; // Another peer's text; what its status says stands.
  }
};
