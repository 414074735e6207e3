/** What the answers of the server under test mean: to somebody without a credential, and to the token. */

import { urlWithoutQuery } from "../../config/describe.ts";
import { insufficientScope, parseChallenge } from "../discovery/challenge.ts";
import { durationWords } from "./duration-words.ts";
import type { Answered, CheckedServer, Handshake } from "./handshake.ts";
import { failed, fine, type ShownClaims, type Step, warned } from "./step.ts";

/** What does it say to somebody without a credential? */
export const openStep = (open: Handshake, server: CheckedServer, hasCredential: boolean): Step => {
  if (open.kind !== "answered") return failed("challenge", unanswered(open, server));
  if (isOk(open)) {
    if (!hasCredential) return fine("challenge", `the server answers ${open.method}: it needs none`);
    return warned("challenge", { finding: "SERVER_OPEN", sentence: `it answers ${open.method} without a credential` });
  }
  const sentence = WANTING[open.status]?.(challengeInWords(open.challenge));
  if (sentence === undefined) return failed("challenge", strange(open, server));
  if (hasCredential) return fine("challenge", sentence);
  return failed("challenge", { finding: "SERVER_WANTS_CREDENTIAL", sentence });
};

/** By status, how a server says that it wants one. */
const WANTING: Readonly<Record<number, (words: string) => string>> = {
  401: (words) => `401${words}: it wants a credential`,
  403: (words) => `403${words}: it lets nobody in without a credential, and does not say which`,
};

/** HTTP dates are whole seconds, and an answer takes its time; a minute is what makes tokens fail. */
const CLOCK_TOLERANCE_MS = 60_000;

/** @returns nothing when the clocks agree, or the server does not tell its own */
export const clockSteps = (open: Handshake, nowMs: number): readonly Step[] => {
  if (open.kind !== "answered" || open.dateMs === null) return [];
  const aheadMs = nowMs - open.dateMs;
  if (Math.abs(aheadMs) < CLOCK_TOLERANCE_MS) return [];
  const where = aheadMs > 0 ? "ahead of" : "behind";
  const sentence = `this machine's clock is ${durationWords(Math.abs(aheadMs))} ${where} the server's`;
  return [warned("clock", { finding: "CLOCK_OFF", sentence })];
};

/** Does the token work? */
export const initializeStep = (
  answer: Handshake,
  server: CheckedServer,
  token: { readonly claims: ShownClaims | null; readonly nowMs: number; readonly isSecond: boolean },
): Step => {
  if (answer.kind !== "answered") return failed("initialize", unanswered(answer, server));
  if (isOk(answer)) {
    const repaired = token.isSecond ? ", after one renewal" : "";
    return fine("initialize", `the server answers ${answer.method}${repaired}: the token works`);
  }
  if (answer.status === 401) return failed("initialize", refused(answer, token.claims, token.nowMs));
  if (answer.status === 403) return failed("initialize", forbidden(answer));
  return failed("initialize", strange(answer, server));
};

/** Whether a run would renew the token and repeat the request, once. */
export const isRefusal = (answer: Handshake): answer is Answered =>
  answer.kind === "answered" &&
  (answer.status === 401 || (answer.status === 403 && insufficientScope(answer.challenge) !== null));

/** A page that says "please log in" has a fine status, too: only the result of the request is a yes, as in a run. */
const isOk = ({ status, rpc }: Answered): boolean => status === 200 && rpc?.kind === "result";

const refused = ({ challenge, dateMs }: Answered, claims: ShownClaims | null, nowMs: number) => {
  const said = `401${challengeInWords(challenge)}`;
  // The server's clock decides; where it does not tell it, ours.
  const endedMs = (dateMs ?? nowMs) - Date.parse(claims?.expiresAt ?? "");
  if (endedMs > 0) {
    return {
      finding: "TOKEN_EXPIRED",
      sentence: `${said}: the token has ended ${durationWords(endedMs)} ago`,
    } as const;
  }
  const [audience] = claims?.audience ?? [];
  const whose = audience === undefined ? "" : `, which is made for ${audience}`;
  return { finding: "TOKEN_REFUSED", sentence: `${said}: the server refuses the token${whose}` } as const;
};

const forbidden = ({ challenge }: Answered) => {
  const needed = insufficientScope(challenge);
  if (needed === null) {
    const sentence = `403${challengeInWords(challenge)}: the server knows the token and does not let it in`;
    return { finding: "SERVER_FORBIDS", sentence } as const;
  }
  const sentence = `403 insufficient_scope: the server wants ${needed.scope ?? "more scope, and does not say which"}`;
  return { finding: "SCOPE_INSUFFICIENT", sentence, place: needed.scope ?? undefined } as const;
};

const unanswered = (open: Exclude<Handshake, Answered>, server: CheckedServer) => {
  if (open.kind === "unreachable") return unreachable(open.why, server);
  const { code, sentence, detail } = open.error;
  if (code !== "AUTH_INVALID") return { finding: code, sentence, place: detail.place };
  // Said of an issuer, it would be no token; said of the server, no handshake.
  return { finding: "SERVER_STRANGE", sentence: `${detail.place}: ${detail.why}`, place: detail.place } as const;
};

/** Codes of Node and OpenSSL for a certificate that is not trusted, or not made out to this host; not the peer's alerts. */
const CERTIFICATE = /^(?!.*ALERT).*(?:CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER))/;

const unreachable = (why: string, { url, limits }: CheckedServer) => {
  const place = urlWithoutQuery(url);
  if (!CERTIFICATE.test(why)) {
    const what =
      why === "timeout"
        ? `has not ended its answer after ${durationWords(limits.initializeMs)}`
        : `cannot be reached (${why})`;
    return { finding: "SERVER_UNREACHABLE", sentence: `${place} ${what}`, place } as const;
  }
  const sentence = `the certificate of ${new URL(url).host} is not to be trusted (${why})`;
  return { finding: "SERVER_CERTIFICATE", sentence, place } as const;
};

const strange = ({ status, rpc, method }: Answered, { url }: CheckedServer) => {
  const sentence = `HTTP ${status}${held(rpc)} to ${method}: no MCP server's answer`;
  return { finding: "SERVER_STRANGE", sentence, place: urlWithoutQuery(url) } as const;
};

const held = (rpc: Answered["rpc"]): string => {
  if (rpc === null || rpc.kind === "result") return "";
  return rpc.kind === "error" ? ` with the error ${rpc.code}` : ` with ${rpc.saw}`;
};

/** The error word of RFC 6750; a server's prose is not repeated. */
const challengeInWords = (header: string | null): string => {
  const error = parseChallenge(header)?.error ?? null;
  return error === null ? "" : ` ${error}`;
};
