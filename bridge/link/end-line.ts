import { REASONS } from "../../record/reason.ts";
import type { Failure } from "../operation.ts";
import type { ResultDigest } from "../transport/large/answer-scan.ts";

/**
 * What Python, or a caller of the HTTP face, is told about an ended operation (docs/link-protocol.md, "The end of an
 * operation"). Durations in ms; `endMs` on the bridge's clock.
 */
export interface End {
  readonly id: number;
  /** Name in the statistics; null says that nothing is to be counted. */
  readonly name: string | null;
  readonly failure: Failure | null;
  readonly serviceMs?: number | undefined;
  readonly responseMs: number;
  readonly firstEventMs?: number | undefined;
  readonly bytes: number;
  readonly endMs: number;
  /** True when the server refused the credential first, and the call was sent once more with another one. */
  readonly isRepeated?: boolean;
  /** Of a result that was asked to be hashed. */
  readonly digest?: ResultDigest;
  /** The result as JSON text; absent where the caller does not want it or there is none. */
  readonly result?: string;
}

/** An `open` that our own limit for other people's servers holds back: nothing was begun, nothing is counted. */
export interface Held {
  readonly id: number;
  readonly held: true;
  readonly retryMs: number;
}

export const isHeld = (end: End | Held): end is Held => "held" in end;

/** The `end` line, without the result. Most are of calls that went well: those are written by hand, it halves the cost. */
export const endLine = (end: End | Held): string => {
  if (
    isHeld(end) ||
    end.failure !== null ||
    end.name === null ||
    end.serviceMs === undefined ||
    end.isRepeated ||
    end.digest
  )
    return JSON.stringify(endFields(end));
  const { id, name, serviceMs, responseMs, firstEventMs, bytes, endMs, result } = end;
  const first = firstEventMs === undefined ? "" : `,"firstEventMs":${micros(firstEventMs)}`;
  const body = result === undefined ? "" : ',"body":true';
  return `{"end":${id},"name":${JSON.stringify(name)},"ok":true,"serviceMs":${micros(serviceMs)},"responseMs":${micros(responseMs)}${first},"bytes":${bytes},"endMs":${micros(endMs)}${body}}`;
};

/** The fields of the `end` line, without the result. */
export const endFields = (end: End | Held): Record<string, unknown> => {
  if (isHeld(end)) return { end: end.id, held: true, retryMs: end.retryMs };
  const { failure } = end;
  return {
    end: end.id,
    name: end.name,
    ok: failure === null,
    ...(failure && { reason: failure.reason, text: REASONS[failure.reason].text }),
    ...(failure?.code !== undefined && { code: failure.code }),
    ...(failure?.detail !== undefined && { detail: failure.detail }),
    ...(failure?.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
    ...(end.serviceMs !== undefined && { serviceMs: micros(end.serviceMs) }),
    responseMs: micros(end.responseMs),
    ...(end.firstEventMs !== undefined && { firstEventMs: micros(end.firstEventMs) }),
    bytes: end.bytes,
    endMs: micros(end.endMs),
    ...(end.isRepeated && { repeated: true }),
    ...(end.digest && { digest: end.digest }),
    ...(end.result !== undefined && { body: true }),
  };
};

/** Three decimals: what the clock resolves is microseconds, what follows is noise and bytes on the link. */
const micros = (ms: number): number => Math.round(ms * 1000) / 1000;
