/** One small page over HTTP, or over a local socket: bounded in size and time, on connections that no call ever uses. */
import { type ClientRequest, type IncomingMessage, request as plain } from "node:http";
import { request as overTls } from "node:https";
import { SourceError } from "./source-error.ts";

/** What is parsed as a whole: more would hold the event loop up for longer than a call takes. */
const MOST_KB = 256;
/** Pages of metrics can be long, and are passed over by the line; none of an honest server is longer. */
export const METRICS_KB = 4 * 1024;

export interface PageRequest {
  readonly url: string;
  readonly method?: "GET" | "POST";
  /** Instead of a host and port. */
  readonly socketPath?: string;
  readonly limitMs: number;
  /** @default 256 */
  readonly mostKb?: number;
}

/** @throws {SourceError} for anything but a whole 2xx answer within its limits */
export const page = ({ url, method = "GET", socketPath, limitMs, mostKb = MOST_KB }: PageRequest): Promise<string> =>
  new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? overTls : plain;
    const options = { method, agent: false, ...(socketPath !== undefined && { socketPath }) } as const;
    const request: ClientRequest = send(url, options, (response) => {
      read(response, mostKb).then(resolve, (error: unknown) => {
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

const read = async (response: IncomingMessage, mostKb: number): Promise<string> => {
  const { statusCode = 0 } = response;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > mostKb * 1024) throw new SourceError(`the page is larger than ${mostKb} kB`);
    pieces.push(piece);
  }
  if (statusCode < 200 || statusCode > 299) throw new SourceError(`HTTP ${statusCode}`);
  return Buffer.concat(pieces).toString("utf8");
};
