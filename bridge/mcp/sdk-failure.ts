import { ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import type { Reason } from "../../record/reason.ts";
import type { Failure } from "../operation.ts";
import { failureOfRpcError, WireError } from "../outcome.ts";

/** What the SDK's own errors mean. Those that only wrap one of the wire's are looked through first. */
export const REASON_BY_SDK_CODE: Readonly<Record<SdkErrorCode, Reason>> = {
  [SdkErrorCode.NotConnected]: "cancelled",
  [SdkErrorCode.AlreadyConnected]: "cancelled",
  [SdkErrorCode.NotInitialized]: "protocol",
  [SdkErrorCode.CapabilityNotSupported]: "protocol",
  [SdkErrorCode.RequestTimeout]: "timeout",
  [SdkErrorCode.ConnectionClosed]: "cancelled",
  [SdkErrorCode.SendFailed]: "disconnected",
  [SdkErrorCode.InvalidResult]: "protocol",
  [SdkErrorCode.UnsupportedResultType]: "protocol",
  [SdkErrorCode.InputRequiredRoundsExceeded]: "protocol",
  [SdkErrorCode.ListPaginationExceeded]: "protocol",
  [SdkErrorCode.MethodNotSupportedByProtocolVersion]: "protocol",
  [SdkErrorCode.EraNegotiationFailed]: "protocol",
  [SdkErrorCode.ClientHttpNotImplemented]: "protocol",
  [SdkErrorCode.ClientHttpAuthentication]: "http-401",
  [SdkErrorCode.ClientHttpForbidden]: "http-403",
  [SdkErrorCode.ClientHttpUnexpectedContent]: "protocol",
  [SdkErrorCode.ClientHttpFailedToOpenStream]: "protocol",
  [SdkErrorCode.ClientHttpFailedToTerminateSession]: "protocol",
};

const MAX_CAUSES = 8;

/** Why an SDK call failed. What it does not know is a result or an argument that the SDK would not take. */
export const failureOfSdk = (error: unknown, hasSession: boolean): Failure => {
  for (let inner = error, depth = 0; inner instanceof Error && depth < MAX_CAUSES; inner = inner.cause, depth++) {
    if (inner instanceof WireError) return inner.failure;
  }
  if (error instanceof ProtocolError) return failureOfRpcError(error.code, error.message, hasSession);
  const detail = error instanceof Error ? error.message : String(error);
  return { reason: error instanceof SdkError ? REASON_BY_SDK_CODE[error.code] : "protocol", detail };
};
