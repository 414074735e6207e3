/** What a token endpoint's answer comes to: a token, or an error that says why not (RFC 6749, sections 5.1 and 5.2). */

import {
  INVALID_RESPONSE,
  OperationProcessingError,
  PARSE_ERROR,
  processClientCredentialsResponse,
  RESPONSE_IS_NOT_JSON,
  type TokenEndpointResponse,
  UnsupportedOperationError,
} from "oauth4webapi";
import { AuthError } from "../auth-error.ts";
import { parseObject } from "../discovery/metadata.ts";
import type { HttpAnswer } from "../http/http-question.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import type { Token } from "../token.ts";

/** A year; whoever gives more means "for ever", and sums of larger numbers end nowhere sensible. */
const LONGEST_LIFE_S = 365 * 24 * 3600;

/**
 * @param place origin and path of the endpoint
 * @throws {AuthError} AUTH_REFUSED for a 4xx, AUTH_THROTTLED for 429 and 503, AUTH_UNREACHABLE for another 5xx,
 * AUTH_INVALID for what is no usable token
 */
export const tokenOf = async (answer: HttpAnswer, place: string, nowMs: number): Promise<Token> => {
  const { status } = answer;
  if (status === 429 || status === 503) {
    const waitMs = retryAfterMs(answer, nowMs);
    throw new AuthError("AUTH_THROTTLED", {
      place,
      status,
      why: `HTTP ${status}`,
      ...(waitMs === null ? {} : { retryAfterMs: waitMs }),
    });
  }
  if (status >= 500) throw new AuthError("AUTH_UNREACHABLE", { place, status, why: `HTTP ${status}` });
  if (status >= 400) {
    const word = errorWord(answer);
    throw new AuthError("AUTH_REFUSED", { place, status, why: `HTTP ${status}${word === null ? "" : ` ${word}`}` });
  }
  const invalid = (why: string): AuthError => new AuthError("AUTH_INVALID", { place, status, why });
  if (status !== 200) throw invalid(`HTTP ${status}`);
  const { access_token, expires_in, token_type } = await processed(answer, invalid);
  if (token_type !== "bearer") throw invalid("its token_type is not Bearer");
  // RFC 6750, section 2.1, is stricter; servers are not.
  if (!/^[\x21-\x7e]{1,32768}$/.test(access_token)) throw invalid("its access_token cannot be sent in a header");
  if (expires_in !== undefined && !(expires_in > 0)) throw invalid("its token has ended already (expires_in)");
  // RFC 6749, section 5.1: whoever leaves it out gives the life elsewhere. It is unknown, not nothing.
  const livesMs = expires_in === undefined ? null : Math.min(expires_in, LONGEST_LIFE_S) * 1000;
  return { value: access_token, livesMs };
};

/** `error` of an error answer: one of the words of RFC 6749, section 5.2, or another one that looks like a word. */
export const errorWord = ({ body }: HttpAnswer): string | null => {
  const word = parseObject(body)?.error;
  return typeof word === "string" && /^[a-z][a-z0-9_]{0,39}$/.test(word) ? word : null;
};

const WHY = {
  [PARSE_ERROR]: "its answer is not JSON",
  [RESPONSE_IS_NOT_JSON]: "its answer is not JSON",
  [INVALID_RESPONSE]: "its access_token, token_type or expires_in is missing or of a wrong kind",
} as const satisfies Record<string, string>;

const processed = async ({ body }: HttpAnswer, invalid: (why: string) => AuthError): Promise<TokenEndpointResponse> => {
  // The issuer and the client matter to the library only for an id_token, which nobody has asked for.
  const isObject = parseObject(body);
  const wanted = isObject === null ? body : JSON.stringify({ ...isObject, id_token: undefined });
  try {
    return await processClientCredentialsResponse({ issuer: "-" }, { client_id: "-" }, new Response(wanted));
  } catch (error) {
    // The library's error is not kept as the cause: it carries the answer, and with it perhaps a token.
    if (error instanceof UnsupportedOperationError) throw invalid("its token_type is not Bearer");
    if (error instanceof OperationProcessingError) {
      throw invalid(WHY[error.code as keyof typeof WHY] ?? "its answer cannot be used");
    }
    throw invalid("its answer cannot be used");
  }
};
