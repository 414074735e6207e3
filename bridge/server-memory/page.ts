/** One small page over HTTP, or over a local socket: bounded in size and time, on connections that no call ever uses. */
import { type ClientRequest, type IncomingMessage, request as plain } from "node:http";
import { request as overTls } from "node:https";
import { SourceError } from "./source-error.ts";

/** Pages of metrics can be long; none of an honest server is longer. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface PageRequest {
  readonly url: string;
  readonly method?: "GET" | "POST";
  /** Instead of a host and port. */
  readonly socketPath?: string;
  readonly limitMs: number;
}

/** @throws {SourceError} for anything but a whole 2xx answer within its limits */
export const page = ({ url, method = "GET", socketPath, limitMs }: PageRequest): Promise<string> =>
  new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? overTls : plain;
    const options = { method, agent: false, ...(socketPath !== undefined && { socketPath }) } as const;
    const request: ClientRequest = send(url, options, (response) => {
      read(response).then(resolve, (error: unknown) => {
        request.destroy();
        reject(error instanceof SourceError ? error : new SourceError("the page was cut", { cause: error }));
      });
    });
    const timer = setTimeout(() => {
      reject(new SourceError(`no answer within ${limitMs} ms`));
      request.destroy();
    }, limitMs);
    request.on("close", () => clearTimeout(timer));
    request.on("error", (cause: NodeJS.ErrnoException) =>
      reject(new SourceError(`cannot be reached (${cause.code ?? "unknown"})`, { cause })),
    );
    request.end();
  });

const read = async (response: IncomingMessage): Promise<string> => {
  const { statusCode = 0 } = response;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new SourceError("the page is larger than 4 MB");
    pieces.push(piece);
  }
  if (statusCode < 200 || statusCode > 299) throw new SourceError(`HTTP ${statusCode}`);
  return Buffer.concat(pieces).toString("utf8");
};
