/**
 * One GET of a SAS address of Azure's storage. The address is a key: it goes into no error, no header and no log, and
 * nowhere but to its host.
 */

import { createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } from "@azure/core-rest-pipeline";
import { AzureError } from "../azure-error.ts";
import { networkCode, refused, type SeenAnswer, unanswered } from "./service-failure.ts";
import { StallWatch } from "./stall-watch.ts";

export interface LinkQuestion {
  /** What errors call it. */
  readonly place: string;
  readonly stallMs: number;
  /** Rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface LinkAnswer {
  /** As it says; null when it does not. */
  readonly bytes: number | null;
  readonly body: AsyncIterable<Buffer>;
  /** To be called with each piece of the body: without one for `stallMs` the request ends. */
  readonly moved: () => void;
}

const httpClient = createDefaultHttpClient();

/**
 * @param use reads the body; the request ends with it
 * @throws {AzureError} (rejects) AZURE_LINK_EXPIRED when another link may help
 */
export const withLink = async <Result>(
  url: string,
  { place, stallMs, signal }: LinkQuestion,
  use: (answer: LinkAnswer) => Promise<Result>,
): Promise<Result> => {
  if (!URL.canParse(url) || new URL(url).protocol !== "https:") {
    throw new AzureError("AZURE_INVALID", { place, why: "its link is no https address" });
  }
  const ended = new AbortController();
  const stop = (): void => ended.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop);
  const watch = new StallWatch(stallMs, () => ended.abort(unanswered(place, `no byte for ${stallMs / 1000} s`)));
  try {
    const response = await pipeline().sendRequest(
      httpClient,
      createPipelineRequest({
        url,
        method: "GET",
        abortSignal: ended.signal,
        // Of every status: a refusal's body is not read, however large it is.
        streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
      }),
    );
    const headers = response.headers.toJSON();
    const { status, readableStreamBody: body } = response;
    if (status !== 200 || body === undefined) throw notGiven(place, { status, headers, body: null });
    const length = headers["content-length"];
    return await use({
      bytes: length === undefined ? null : Number(length),
      body: body as AsyncIterable<unknown> as AsyncIterable<Buffer>,
      moved: () => watch.moved(),
    });
  } catch (error) {
    if (ended.signal.aborted) throw ended.signal.reason;
    throw error instanceof AzureError ? error : unanswered(place, networkCode(error));
  } finally {
    watch.close();
    signal?.removeEventListener("abort", stop);
    ended.abort();
  }
};

/** Proxy and log as everywhere; no retry, no redirect, and no unpacking, so that sizes are those of the file. */
const pipeline = () => {
  const made = createPipelineFromOptions({ retryOptions: { maxRetries: 0 }, redirectOptions: { maxRetries: 0 } });
  made.removePolicy({ name: "decompressResponsePolicy" });
  return made;
};

/** What storage says of a signature that is no longer good; anybody else's 403 is no matter of the link's age. */
const EXPIRED = new Set(["AuthenticationFailed", "AuthenticationErrorDetail"]);

const notGiven = (place: string, answer: SeenAnswer): AzureError => {
  const error = refused(place, answer);
  const isExpired = answer.status === 403 && EXPIRED.has(answer.headers["x-ms-error-code"] ?? "");
  return isExpired ? new AzureError("AZURE_LINK_EXPIRED", error.detail) : error;
};
