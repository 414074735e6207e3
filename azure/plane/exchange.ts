/**
 * One request to one of Azure's REST services through Microsoft's pipeline: proxy, TLS, token and log are theirs; the
 * limits of time and size are ours, because theirs wait for ever, follow redirects and hold an answer however large it is.
 */

import { isRestError } from "@azure/core-rest-pipeline";
import { type Client, getClient, type RequestParameters } from "@azure-rest/core-client";
import { AzureError } from "../azure-error.ts";
import type { Limits } from "./limits.ts";
import type { PlaneCredential } from "./plane-credential.ts";
import { said } from "./said.ts";
import { networkCode, refused, type SeenAnswer, unanswered, unexpected } from "./service-failure.ts";
import { StallWatch } from "./stall-watch.ts";
import { type FileToSend, openToSend } from "./upload.ts";

export interface ExchangeOptions {
  readonly origin: string;
  readonly apiVersion: string;
  readonly credential: PlaneCredential;
  readonly userAgent: string;
  /** One for each command: Azure's support finds all of its requests by it. */
  readonly correlationId: string;
  readonly limits: Limits;
}

export interface Question {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  /** From the `/`, its parts encoded; or an address of the same origin. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: { readonly type: "application/json" | "application/merge-patch+json"; readonly body: unknown };
  readonly upload?: Upload;
  /** Who asks must know of every attempt, and tries again by himself. */
  readonly isAskedOnce?: boolean;
}

interface Upload {
  readonly file: FileToSend;
  /** Told how many bytes of it are sent; begins anew with each attempt. */
  readonly onBytes: (sent: number) => void;
}

export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #client: Client;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#client = getClient(options.origin, options.credential, {
      apiVersion: options.apiVersion,
      userAgentOptions: { userAgentPrefix: options.userAgent },
      // Who calls tries again, within a limit of time.
      retryOptions: { maxRetries: 0 },
      // A redirect would take the token, or an upload, to a place that nobody named.
      redirectOptions: { maxRetries: 0 },
    });
  }

  /**
   * @returns the answer, whatever its status
   * @throws {AzureError} (rejects) when there is none, or one that cannot be read
   * @throws {AuthError} (rejects) when there is no token
   */
  async send(question: Question): Promise<SeenAnswer> {
    const { credential, limits } = this.#options;
    const place = this.placeOf(question);
    // Before the request's own time starts: a program such as `az` needs some of it.
    await credential.getToken();
    const ended = new AbortController();
    const end = (error: AzureError): void => ended.abort(error);
    const file = question.upload === undefined ? null : await openToSend(question.upload.file, end);
    const [limitMs, lateness] =
      file === null ? [limits.requestMs, "no answer within"] : [limits.stallMs, "no byte for"];
    const watch = new StallWatch(limitMs, () => end(unanswered(place, `${lateness} ${limitMs / 1000} s`)));
    try {
      const { status, headers, body } = await this.#client.pathUnchecked(question.path)[question.method]({
        abortSignal: ended.signal,
        onDownloadProgress: ({ loadedBytes }) => {
          if (loadedBytes > limits.answerBytes) end(tooLarge(place, limits.answerBytes));
        },
        ...(question.query && { queryParameters: question.query }),
        ...this.#content(question, file, watch),
      });
      return { status: Number(status), headers: plain(headers), body };
    } catch (error) {
      if (ended.signal.aborted) throw ended.signal.reason;
      throw failureOf(place, error);
    } finally {
      watch.close();
      // An early answer leaves the rest of the file unsent, and the file open.
      if (file !== null && !file.readableEnded) end(unanswered(place, "the answer came first"));
      file?.destroy();
    }
  }

  #content({ json, upload }: Question, file: NodeJS.ReadableStream | null, watch: StallWatch): RequestParameters {
    const headers = { "x-ms-correlation-request-id": this.#options.correlationId };
    if (upload === undefined) return { headers, ...(json && { contentType: json.type, body: json.body }) };
    return {
      // Without it the file would be sent in chunks, of a length that nobody knows.
      headers: { ...headers, "content-length": String(upload.file.bytes) },
      contentType: "application/octet-stream",
      body: file,
      onUploadProgress: ({ loadedBytes }) => {
        watch.moved();
        upload.onBytes(loadedBytes);
      },
    };
  }

  /** Origin and path, or the file that is sent: a query may hold anything. */
  placeOf({ path, upload }: Question): string {
    const url = new URL(path, this.#options.origin);
    return upload === undefined ? said(url.origin + url.pathname, LONGEST_PLACE) : upload.file.name;
  }
}

const LONGEST_PLACE = 400;

const tooLarge = (place: string, mostBytes: number): AzureError =>
  new AzureError("AZURE_INVALID", { place, why: `an answer of more than ${mostBytes / 1024 / 1024} MiB` });

/** What the pipeline threw. A JSON that is none is the only answer among it. */
const failureOf = (place: string, error: unknown): unknown => {
  if (!isRestError(error)) return error;
  const { response } = error;
  if (response === undefined) return unanswered(place, networkCode(error));
  const answer = { status: response.status, headers: response.headers.toJSON(), body: null };
  return response.status < 300 ? unexpected(place, answer, "an answer that is no JSON") : refused(place, answer);
};

const plain = (headers: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
