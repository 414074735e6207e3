import type { JSONRPCMessage, JSONRPCRequest, JSONRPCResponse } from "@modelcontextprotocol/client";

/**
 * What a server sent, looked at before the SDK sees it: the SDK drops an answer that it cannot read and would wait for
 * another one for ever, so what passes here must be an answer for it, and what does not must end the call.
 */
export type Incoming =
  | { readonly kind: "answer"; readonly message: JSONRPCResponse }
  | { readonly kind: "malformed"; readonly why: string }
  | { readonly kind: "request"; readonly message: JSONRPCRequest }
  | { readonly kind: "notification"; readonly method: string; readonly params: unknown }
  /** An answer to something else, or nothing that is known. */
  | { readonly kind: "other" };

type Id = string | number;
type Plain = Readonly<Record<string, unknown>>;

const OTHER: Incoming = { kind: "other" };
const malformed = (why: string): Incoming => ({ kind: "malformed", why });

/** Messages from a JSON text; null when it is not JSON (or nested too deeply to be read). */
export const parseMessages = (text: string): readonly unknown[] | null => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    // SyntaxError, or RangeError for nesting that exhausts the stack: the same to the caller.
    return null;
  }
};

/** What one message is to the request with this id. Keys that JSON-RPC does not know are left behind. */
export const readIncoming = (value: unknown, expected: Id | null): Incoming => {
  if (!isPlain(value)) return OTHER;
  const { id, method } = value;
  if (typeof method === "string") {
    return isId(id) ? readRequest(id, method, value.params) : { kind: "notification", method, params: value.params };
  }
  if (expected === null || id !== expected) return OTHER;
  if (value.jsonrpc !== "2.0") return malformed('no "jsonrpc": "2.0" in the answer');
  return "error" in value ? readError(value.error, expected) : readResult(value.result, expected);
};

/** The JSON-RPC error in the body of a refused request; its id may be missing, since the server may not have read it. */
export const readRefusal = (body: string, expected: Id): JSONRPCResponse | null => {
  const value = parseMessages(body)?.[0];
  if (!isPlain(value) || (value.id !== expected && value.id !== null && value.id !== undefined)) return null;
  const read = readError(value.error, expected);
  return read.kind === "answer" ? read.message : null;
};

const readRequest = (id: Id, method: string, params: unknown): Incoming => {
  if (params !== undefined && !isPlain(params)) return OTHER;
  return {
    kind: "request",
    message: { jsonrpc: "2.0", id, method, ...(params !== undefined && { params }) },
  };
};

const readResult = (result: unknown, id: Id): Incoming => {
  if (!isPlain(result)) return malformed("the result is not an object");
  if (result._meta !== undefined && !isMeta(result._meta)) return malformed("the result's _meta is not valid");
  return { kind: "answer", message: { jsonrpc: "2.0", id, result } };
};

const readError = (error: unknown, id: Id): Incoming => {
  if (!isPlain(error) || !Number.isSafeInteger(error.code) || typeof error.message !== "string") {
    return malformed("the error has no code or no message");
  }
  const { code, message, data } = error as { code: number; message: string; data?: unknown };
  return {
    kind: "answer",
    message: { jsonrpc: "2.0", id, error: { code, message, ...(data !== undefined && { data }) } },
  };
};

const RELATED_TASK = "io.modelcontextprotocol/related-task";

/** The two keys of `_meta` that the SDK reads itself, and therefore has an opinion about. */
const isMeta = (meta: unknown): boolean => {
  if (!isPlain(meta)) return false;
  const { progressToken, [RELATED_TASK]: task } = meta;
  return (
    (progressToken === undefined || isId(progressToken)) &&
    (task === undefined || (isPlain(task) && typeof task.taskId === "string"))
  );
};

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isId = (value: unknown): value is Id => typeof value === "string" || Number.isSafeInteger(value);

/** The id of a request of ours; undefined for a notification or an answer. */
export const requestId = (message: JSONRPCMessage): Id | undefined =>
  "method" in message && "id" in message ? message.id : undefined;
