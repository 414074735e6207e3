import { SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client";
import type { WireError } from "../outcome.ts";

/**
 * Which refusals of the `server/discover` probe say that a server is of the session era. The SDK falls back to
 * `initialize` for an HTTP error that it knows, and for nothing else; so only those that a server gives to a request
 * which it does not understand are shown to it as one. A rate limit is no evidence: believing it would make a whole run
 * measure the wrong era.
 */
const NO_EVIDENCE = new Set([401, 403, 408, 421, 425, 429]);

export const asEvidence = (method: string, error: WireError): Error => {
  const { code } = error.failure;
  const isRefused = code !== undefined && code >= 400 && code < 500 && !NO_EVIDENCE.has(code);
  if (method !== "server/discover" || !isRefused) return error;
  return new SdkHttpError(SdkErrorCode.ClientHttpNotImplemented, error.message, { status: code }, { cause: error });
};
