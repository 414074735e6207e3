import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import type { ServerSettings } from "../../config/settings.ts";

/** Which headers a request carries, as the flat name, value list that undici takes. */
export type HeaderList = readonly string[];

/** What the transport says itself; the configuration cannot say it differently. */
const OWN_HEADERS = new Set([
  "accept",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "cookie",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "transfer-encoding",
]);

/**
 * Headers of every request to a server. `identity` by default, since a load generator should spend its CPU on load,
 * not on gzip; a server that compresses all the same ends in `protocol`.
 */
export const serverHeaders = (settings: ServerSettings): HeaderList => {
  const headers: Record<string, string> = {
    "user-agent": `${settings.client.name}/${settings.client.version}`,
    "accept-encoding": "identity",
  };
  for (const [name, value] of Object.entries(settings.headers)) {
    if (!OWN_HEADERS.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  }
  return Object.entries(headers).flat();
};

export const POST_HEADERS: HeaderList = [
  "content-type",
  "application/json",
  "accept",
  "application/json, text/event-stream",
];

export const GET_HEADERS: HeaderList = ["accept", "text/event-stream"];

const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";

/** The revision that a message itself claims in its `_meta`: the mark of the stateless era; null before it. */
export const claimedRevision = (message: JSONRPCMessage): string | null => {
  if (!("method" in message)) return null;
  const claimed = (message.params?._meta as Record<string, unknown> | undefined)?.[VERSION_KEY];
  return typeof claimed === "string" ? claimed : null;
};

/** Which parameter `Mcp-Name` repeats. 2026-07-28, transports, standard request headers. */
const NAME_PARAMETER: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};

/** The headers by which a stateless request can be routed without reading its body. */
export const statelessHeaders = (method: string, params: unknown, revision: string): HeaderList => {
  const parameter = Object.hasOwn(NAME_PARAMETER, method) ? NAME_PARAMETER[method] : undefined;
  const name = parameter === undefined ? undefined : (params as Record<string, unknown> | undefined)?.[parameter];
  return [
    "mcp-protocol-version",
    revision,
    "mcp-method",
    method,
    ...(typeof name === "string" ? ["mcp-name", headerValue(name)] : []),
  ];
};

const BASE64_FORM = /^=\?base64\?.*\?=$/s;

/** A value that a header cannot carry as it is (or that looks like the encoded form) goes as `=?base64?...?=`. */
export const headerValue = (text: string): string => {
  const isPlain = /^[\t\x20-\x7e]+$/.test(text) && text === text.trim() && !BASE64_FORM.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text, "utf8").toString("base64")}?=`;
};

/** Visible ASCII by the specification (2025-11-25, transports); the length is our own bound. */
export const isSessionId = (text: string): boolean => text.length <= 1_024 && /^[\x21-\x7e]+$/.test(text);
