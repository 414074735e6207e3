/** What the front of a demo server reads from a JSON-RPC message before the SDK does: its method and its target. */

export interface Message {
  readonly method: string;
  /** Name of the tool or prompt, where the method has one. */
  readonly target: string | null;
  /** A request wants an answer, a notification none. */
  readonly isRequest: boolean;
}

/** The messages in a body, one or a batch; answers to the server's own requests are left out. */
export function messagesIn(body: unknown): Message[] {
  return (Array.isArray(body) ? body : [body]).flatMap((item) => {
    if (!isRecord(item) || typeof item.method !== "string") return [];
    const name = isRecord(item.params) ? item.params.name : undefined;
    return [{ method: item.method, target: typeof name === "string" ? name : null, isRequest: item.id !== undefined }];
  });
}

/** The name under which a message is counted: `tools/call:search_code`, `initialize`. */
export const messageName = ({ method, target }: Message): string => (target === null ? method : `${method}:${target}`);

/** The row of the delay table: the openings of both protocol eras are one operation. */
export const delayOperation = (message: Message): string =>
  message.method === "initialize" || message.method === "server/discover" ? "handshake" : messageName(message);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
