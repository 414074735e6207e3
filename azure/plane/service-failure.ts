/** Why a request to one of Azure's services came to nothing, as AzureError: by status, or by what kept the answer away. */

import { retryAfterMs } from "../../auth/http/retry-after.ts";
import { AzureError, type AzureErrorCode, type AzureErrorDetail } from "../azure-error.ts";
import { said } from "./said.ts";

export interface SeenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const BY_STATUS: Readonly<Record<number, AzureErrorCode>> = {
  401: "AZURE_UNAUTHORIZED",
  403: "AZURE_FORBIDDEN",
  404: "AZURE_NOT_FOUND",
  408: "AZURE_UNREACHABLE",
  409: "AZURE_CONFLICT",
  412: "AZURE_CONFLICT",
  429: "AZURE_THROTTLED",
};

const codeOf = (status: number): AzureErrorCode => {
  if (status >= 500) return "AZURE_UNREACHABLE";
  if (status >= 400) return BY_STATUS[status] ?? "AZURE_REFUSED";
  return "AZURE_INVALID";
};

const LONGEST_CODE = 80;
const LONGEST_MESSAGE = 400;
/** Of `details`, which repeat the message mostly. */
const MOST_DETAILS = 5;

/**
 * An answer that is not what was asked for.
 * @param place resource, file, or origin and path
 */
export const refused = (place: string, answer: SeenAnswer): AzureError => {
  const { status, headers } = answer;
  const waitMs = waitWished(headers);
  const detail: AzureErrorDetail = {
    place,
    status,
    why: [`HTTP ${status}`, ...wordsOf(answer)].join(" "),
    ...requestIdOf(headers),
    ...(waitMs === null ? {} : { retryAfterMs: waitMs }),
  };
  return new AzureError(codeOf(status), detail);
};

/** An answer whose content is not what it should be. @param why one clause */
export const unexpected = (place: string, { status, headers }: SeenAnswer, why: string): AzureError =>
  new AzureError("AZURE_INVALID", { place, status, why: said(why, LONGEST_MESSAGE), ...requestIdOf(headers) });

/**
 * No answer at all. The library's error is no cause of it: it holds the request, and with it the token. A certificate that
 * is not trusted will not be a minute later.
 */
export const unanswered = (place: string, why: string): AzureError =>
  new AzureError(CERTIFICATE.test(why) ? "AZURE_INVALID" : "AZURE_UNREACHABLE", { place, why });

const CERTIFICATE = /CERT|SELF_SIGNED|^UNABLE_TO_|^CRL_/;

/** `ECONNRESET` and the like. */
export const networkCode = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) && code !== "REQUEST_SEND_ERROR") return code;
  return "no answer";
};

interface ServiceError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
}

/** `{ error: { code, message, details } }` of both planes; a proxy's page has no words that count. */
const wordsOf = ({ headers, body }: SeenAnswer): readonly string[] => {
  const error = fieldsOf(fieldsOf(body).error) as ServiceError;
  const details = Array.isArray(error.details) ? error.details.slice(0, MOST_DETAILS) : [];
  const [code] = texts([error.code, headers["x-ms-error-code"]], LONGEST_CODE);
  const messages = texts([error.message, ...details.map((detail) => fieldsOf(detail).message)], LONGEST_MESSAGE);
  const message = said([...new Set(messages)].join("; "), LONGEST_MESSAGE);
  if (code === undefined) return message === "" ? [] : [message];
  return message === "" ? [code] : [`${code}:`, message];
};

const texts = (values: readonly unknown[], most: number): string[] =>
  values.flatMap((value) => (typeof value === "string" && value !== "" ? [said(value, most)] : []));

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const ID = /^[\w.:-]{1,100}$/;

const requestIdOf = (headers: SeenAnswer["headers"]): { readonly requestId?: string } => {
  const ids = [headers["x-ms-request-id"], headers["x-ms-client-request-id"]];
  const requestId = ids.find((id) => id !== undefined && ID.test(id));
  return requestId === undefined ? {} : { requestId };
};

/** Two headers of Azure's own in ms, or RFC 9110. */
const waitWished = (headers: SeenAnswer["headers"]): number | null => {
  const own = [headers["retry-after-ms"], headers["x-ms-retry-after-ms"]].find((text) => /^\d{1,9}$/.test(text ?? ""));
  return own === undefined ? retryAfterMs({ status: 0, headers, body: "" }, Date.now()) : Number(own);
};
