const MESSAGES = {
  AZURE_UNSET: "loadtest.yaml does not say where the test runs",
  AZURE_NOT_FOUND: "Azure has no such thing",
  AZURE_FORBIDDEN: "Azure does not let this login do that",
  AZURE_UNAUTHORIZED: "Azure did not take the login",
  AZURE_REFUSED: "Azure refused the request",
  AZURE_CONFLICT: "something else is changing this at Azure",
  AZURE_THROTTLED: "Azure asked to wait, more than once",
  AZURE_UNREACHABLE: "Azure could not be reached",
  AZURE_INVALID: "Azure answered with something unexpected",
  AZURE_LINK_EXPIRED: "the link to the results has expired",
  AZURE_VALIDATION: "Azure does not take the uploaded files",
  AZURE_RUN_FAILED: "the run failed at Azure",
  AZURE_RUN_CANCELLED: "the run was stopped before its end",
  AZURE_NO_RESULTS: "the run has no results",
  AZURE_RESULTS_BROKEN: "the results cannot be read",
  AZURE_FILE: "a file of this machine cannot be used",
  AZURE_NO_RUN: "no run of this folder is known",
} as const;

export type AzureErrorCode = keyof typeof MESSAGES;

/** What varies. Never a token or a SAS address; the service's own words are bounded and printable. */
export interface AzureErrorDetail {
  /** What it is about: a resource, a file, a run, origin and path of a request. */
  readonly place?: string;
  /** What was seen, one clause: `HTTP 403 AuthorizationFailed`. */
  readonly why?: string;
  readonly status?: number;
  /** The request's id at Azure, for a support case. */
  readonly requestId?: string;
  readonly retryAfterMs?: number;
}

/** Why something at Azure could not be done. Callers match `code`. */
export class AzureError extends Error {
  readonly code: AzureErrorCode;
  readonly detail: AzureErrorDetail;

  constructor(code: AzureErrorCode, detail: AzureErrorDetail = {}, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = "AzureError";
    this.code = code;
    this.detail = detail;
  }

  /** For a person: what happened, where, what was seen. */
  get sentence(): string {
    const { place, why, requestId } = this.detail;
    const seen = [why, requestId === undefined ? undefined : `request id ${requestId}`].filter(
      (text) => text !== undefined,
    );
    return (
      this.message + (place === undefined ? "" : `: ${place}`) + (seen.length === 0 ? "" : ` (${seen.join(", ")})`)
    );
  }
}
