/** Opens an MCP server as a client would, once, with a credential or without, and closes again what it opened. */

import { REVISIONS, type ServerSettings } from "../../config/settings.ts";
import { AuthError } from "../auth-error.ts";
import { closeSession, SESSION_REVISION } from "../discovery/close-session.ts";
import type { HttpAnswer } from "../http/http-question.ts";
import type { World } from "../world.ts";
import { AnswerReader, type RpcAnswer } from "./rpc-answer.ts";

export type CheckedServer = Pick<
  ServerSettings,
  "name" | "url" | "transport" | "protocol" | "auth" | "headers" | "tls" | "limits" | "client" | "maxAnswerBytes"
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
      /** What an answer whose status is fine holds; null for another status. */
      readonly rpc: RpcAnswer | null;
    }
  /** `why`: the system's code, or `timeout`. */
  | { readonly kind: "unreachable"; readonly why: string }
  /** Nothing that can be judged came of it: an answer that is too large, a file of `tls` that cannot be used. */
  | { readonly kind: "failed"; readonly error: AuthError };

/** What the opening ended in when the server has answered it. */
export type Answered = Extract<Handshake, { kind: "answered" }>;

type Method = "initialize" | "server/discover";

const STATELESS_REVISION = "2026-07-28";

/** Which of the two eras' openings are tried, in this order. */
const methodsFor = (protocol: CheckedServer["protocol"]): readonly Method[] => {
  if (protocol === "auto") return ["initialize", "server/discover"];
  return [protocol === STATELESS_REVISION ? "server/discover" : "initialize"];
};

/** What a server answers to an opening that it does not know: its era is the other one. */
const IS_OTHER_ERA = new Set([400, 404, 405, 406, 415, 422, 501]);

const REQUEST_ID = 1;

/** A run that allows more measures large answers of tools; an opening is none. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** @param authorization the header's value, or null for none */
export const handshake = async (
  server: CheckedServer,
  authorization: string | null,
  http: World["http"],
): Promise<Handshake> => {
  let first: Handshake | null = null;
  for (const method of methodsFor(server.protocol)) {
    const answered = await open(server, method, authorization, http);
    const isUnknown =
      answered.kind === "answered" && (IS_OTHER_ERA.has(answered.status) || answered.rpc?.kind === "error");
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
  const reader = new AnswerReader(REQUEST_ID);
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
      body: JSON.stringify({ jsonrpc: "2.0", id: REQUEST_ID, method, params: paramsOf(method, server) }),
      trust: "given",
      server,
      limitMs: server.limits.initializeMs,
      mostBytes: Math.min(server.maxAnswerBytes, LARGEST_BYTES),
      until: (piece) => reader.takes(piece),
    });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    if (error.code !== "AUTH_UNREACHABLE") return { kind: "failed", error };
    return { kind: "unreachable", why: error.detail.why ?? "no answer" };
  }
  const rpc = answer.status < 300 ? reader.read(answer) : null;
  const finder = { http, server };
  const session = answer.headers["mcp-session-id"];
  await closeSession(finder, { session, revision: revisionIn(rpc), headers, limitMs: server.limits.closeMs });
  const dateMs = Date.parse(answer.headers.date ?? "");
  return {
    kind: "answered",
    status: answer.status,
    challenge: answer.headers["www-authenticate"] ?? null,
    dateMs: Number.isNaN(dateMs) ? null : dateMs,
    method,
    rpc,
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

/** A server that has agreed on a revision may refuse requests of another one. */
const revisionIn = (rpc: RpcAnswer | null): string => {
  const named = rpc?.kind === "result" ? rpc.result.protocolVersion : undefined;
  return REVISIONS.find((revision) => revision === named) ?? SESSION_REVISION;
};
