/**
 * One of Azure's REST services through Microsoft's pipeline: proxy, TLS, token and log are theirs; limits, retries, sizes
 * and errors are ours, because theirs wait for ever, follow redirects and hold an answer however large it is.
 */

import { isRestError } from "@azure/core-rest-pipeline";
import { type Client, getClient } from "@azure-rest/core-client";
import type * as z from "zod";
import { AzureError } from "../azure-error.ts";
import type { Limits } from "./limits.ts";
import type { PlaneCredential } from "./plane-credential.ts";
import { type RetryClock, withRetries } from "./retry.ts";
import { said } from "./said.ts";
import { networkCode, refused, type SeenAnswer, unanswered, unexpected } from "./service-failure.ts";
import { StallWatch } from "./stall-watch.ts";
import { type FileToSend, openToSend } from "./upload.ts";
import { withoutNulls } from "./without-nulls.ts";

/** A list with more has no end. */
const MOST_PAGES = 200;

export interface ServiceOptions {
  readonly origin: string;
  readonly apiVersion: string;
  readonly credential: PlaneCredential;
  readonly userAgent: string;
  /** One for each command: Azure's support finds all of its requests by it. */
  readonly correlationId: string;
  readonly clock: RetryClock;
  readonly limits: Limits;
}

export interface Question {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  /** From the `/`, its parts encoded; or an address of the same origin. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: "application/json" | "application/merge-patch+json";
  readonly upload?: Upload;
}

interface Upload {
  readonly file: FileToSend;
  /** Told how many bytes of it are sent; begins anew with each attempt. */
  readonly onBytes: (sent: number) => void;
}

export class Service {
  readonly #options: ServiceOptions;
  readonly #client: Client;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#client = getClient(options.origin, options.credential, {
      apiVersion: options.apiVersion,
      userAgentOptions: { userAgentPrefix: options.userAgent },
      retryOptions: { maxRetries: 0 },
      // A redirect would take the token, or an upload, to a place that nobody named.
      redirectOptions: { maxRetries: 0 },
    });
  }

  /** @throws {AzureError} (rejects) @throws {AuthError} (rejects) when there is no token */
  async read<Schema extends z.ZodType>(schema: Schema, question: Question): Promise<z.output<Schema>> {
    return this.#parsed(schema, question, await this.#ask(question));
  }

  /** null: there is no such thing. */
  async readOrNull<Schema extends z.ZodType>(schema: Schema, question: Question): Promise<z.output<Schema> | null> {
    const answer = await orMissing(this.#ask(question));
    return answer === null ? null : this.#parsed(schema, question, answer);
  }

  /** Its answer says nothing that is not known. */
  async do(question: Question): Promise<void> {
    await this.#ask(question);
  }

  /** What is gone already is as good as removed: the answer to an earlier attempt may have been lost. */
  async remove(path: string): Promise<void> {
    await orMissing(this.#ask({ method: "delete", path }));
  }

  /**
   * All of a list, page by page, or its first `most`.
   * @param schema of a page: what `value` holds is returned
   */
  async list<Item>(
    schema: z.ZodType<{ readonly value: readonly Item[]; readonly nextLink?: string | undefined }>,
    question: Question,
    most = Number.POSITIVE_INFINITY,
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    let asked = question;
    for (let page = 1; ; page += 1) {
      const answer = await this.#ask(asked);
      const { value, nextLink } = this.#parsed(schema, asked, answer);
      items.push(...value);
      if (items.length >= most) return items.slice(0, most);
      if (nextLink === undefined || nextLink === "") return items;
      const place = this.#placeOf(asked);
      if (page === MOST_PAGES) throw unexpected(place, answer, `a list of more than ${MOST_PAGES} pages`);
      // The token goes where the link leads.
      if (!isAt(nextLink, this.#options.origin)) throw unexpected(place, answer, "its nextLink leads to another place");
      asked = { method: "get", path: nextLink };
    }
  }

  #parsed<Schema extends z.ZodType>(schema: Schema, question: Question, answer: SeenAnswer): z.output<Schema> {
    const place = this.#placeOf(question);
    let value: unknown;
    try {
      value = withoutNulls(answer.body);
    } catch {
      throw unexpected(place, answer, "an answer that nests too deeply");
    }
    const { success, data, error } = schema.safeParse(value);
    if (success) return data;
    const [issue] = error.issues;
    const field = issue === undefined || issue.path.length === 0 ? "the answer" : issue.path.join(".");
    throw unexpected(place, answer, `${field}: ${issue?.message}`);
  }

  #ask(question: Question): Promise<SeenAnswer> {
    const { clock, limits, credential } = this.#options;
    const limitMs = question.upload === undefined ? limits.callMs : limits.transferMs;
    const attempt = async (): Promise<SeenAnswer> => {
      let answer = await this.#send(question);
      if (answer.status === 401) {
        // Ended early, or revoked: one other token may do.
        credential.forget();
        answer = await this.#send(question);
      }
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw refused(this.#placeOf(question), answer);
    };
    return withRetries(attempt, { clock, limitMs });
  }

  async #send(question: Question): Promise<SeenAnswer> {
    const { credential, limits, correlationId } = this.#options;
    const place = this.#placeOf(question);
    // Before the request's own time starts: a program such as `az` needs some of it.
    await credential.getToken();
    const ended = new AbortController();
    const end = (error: AzureError): void => ended.abort(error);
    const sending = question.upload === undefined ? null : await this.#sending(question.upload, end);
    const limitMs = sending === null ? limits.requestMs : limits.stallMs;
    const watch = new StallWatch(limitMs, () => end(unanswered(place, silence(limitMs, sending !== null))));
    try {
      const answer = await this.#client.pathUnchecked(question.path)[question.method]({
        headers: { "x-ms-correlation-request-id": correlationId, ...sending?.headers },
        abortSignal: ended.signal,
        onDownloadProgress: ({ loadedBytes }) => {
          if (loadedBytes > limits.answerBytes) end(tooLarge(place, limits.answerBytes));
        },
        ...(question.query === undefined ? {} : { queryParameters: question.query }),
        ...(question.body === undefined ? {} : { body: question.body, contentType: question.contentType ?? JSON_TYPE }),
        ...(sending === null
          ? {}
          : {
              body: sending.body,
              contentType: "application/octet-stream",
              onUploadProgress: ({ loadedBytes }: { loadedBytes: number }) => {
                watch.moved();
                sending.onBytes(loadedBytes);
              },
            }),
      });
      return { status: Number(answer.status), headers: plain(answer.headers), body: answer.body };
    } catch (error) {
      if (ended.signal.aborted) throw ended.signal.reason;
      throw failureOf(place, error);
    } finally {
      watch.close();
      // An early answer leaves the rest of the file unsent, and the file open.
      if (sending !== null && !sending.body.readableEnded) end(unanswered(place, "the answer came first"));
      sending?.body.destroy();
    }
  }

  async #sending({ file, onBytes }: Upload, end: (error: AzureError) => void) {
    const body = await openToSend(file, end);
    return { body, onBytes, headers: { "content-length": String(file.bytes) } };
  }

  /** Origin and path: a query may hold anything. */
  #placeOf({ path, upload }: Question): string {
    const url = new URL(path, this.#options.origin);
    return upload === undefined ? said(url.origin + url.pathname, LONGEST_PLACE) : upload.file.name;
  }
}

const LONGEST_PLACE = 400;
const JSON_TYPE = "application/json";

const orMissing = async (answer: Promise<SeenAnswer>): Promise<SeenAnswer | null> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AzureError && error.code === "AZURE_NOT_FOUND") return null;
    throw error;
  }
};

const isAt = (link: string, origin: string): boolean => URL.canParse(link) && new URL(link).origin === origin;

const silence = (limitMs: number, isUpload: boolean): string =>
  isUpload ? `no byte moved for ${limitMs / 1000} s` : `no answer within ${limitMs / 1000} s`;

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
