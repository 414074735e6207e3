/** Looks at one server's credential, one thing after the other, and says of each what it found: `swarmbridge auth check`. */

import { urlWithoutQuery } from "../../config/describe.ts";
import { isSecretName } from "../../config/secret-shape.ts";
import type { AuthSettings } from "../../config/settings.ts";
import { AuthError } from "../auth-error.ts";
import { insufficientScope, parseChallenge } from "../discovery/challenge.ts";
import { findProtectedResource, type ProtectedResource } from "../discovery/protected-resource.ts";
import { strategyKind } from "../strategies.ts";
import { type Fetched, fetchToken } from "../token-fetch.ts";
import type { Surroundings } from "../world.ts";
import { shownClaims } from "./claims.ts";
import { type CheckedServer, type Handshake, handshake } from "./handshake.ts";
import { settingsInWords } from "./settings-in-words.ts";
import { failed, fine, type ShownClaims, type Step, skipped, warned } from "./step.ts";

export interface Checking {
  readonly server: CheckedServer;
  /** The server's, or those of one of its identities. */
  readonly auth: AuthSettings;
  readonly surroundings: Surroundings;
}

/**
 * Yields a step as soon as it is known. Goes on after a failure wherever the next answer still helps to understand it.
 * @throws what is a defect of ours; everything else is a step
 */
export async function* checkServer(checking: Checking): AsyncGenerator<Step, void> {
  const { server, auth, surroundings } = checking;
  const credential = await credentialStep(checking);
  yield credential;

  const open = await handshake(server, null, surroundings.http);
  yield openStep(open, checking);
  yield* clockStep(open, surroundings.now());

  const challenge = open.kind === "answered" ? open.challenge : null;
  const isWanted = open.kind === "answered" && open.status === 401;
  if (isWanted) yield* metadataSteps(challenge, checking);

  if (auth.strategy === "none") return;
  if (credential.status === "fail") {
    yield skipped("token", "there is none to be had without that");
    return;
  }
  const token = await obtain(checking, isWanted ? { token: null, challenge } : null);
  if (token instanceof AuthError) {
    yield failed("token", { finding: token.code, sentence: token.sentence, place: token.detail.place });
    yield skipped("initialize", "there is no token to try");
    return;
  }
  if (token.header === null) {
    yield skipped("token", "there is none, and it is optional: nothing is sent");
    return;
  }
  const claims = shownClaims(token.header.slice("Bearer ".length));
  yield tokenStep(token, claims, surroundings.monotonicMs());
  if (open.kind === "unreachable") {
    yield skipped("initialize", "the server cannot be reached");
  } else {
    yield await initializeStep(checking, token, claims);
  }
  yield expiryStep(token, claims, surroundings);
}

/** Is it there, as far as this machine alone can tell? */
const credentialStep = async ({ server, auth, surroundings }: Checking): Promise<Step> => {
  if (auth.strategy === "none") {
    const headers = Object.keys(server.headers).filter(isSecretName);
    const sent = headers.length === 0 ? "none is configured" : `none but the headers ${headers.join(", ")}`;
    return headers.length === 0 ? skipped("credential", sent) : fine("credential", sent);
  }
  const missing = strategyKind(auth).missing(auth, surroundings);
  if (missing === null) return fine("credential", settingsInWords(auth));
  // Why it is not there (not set, or a file that cannot be read), the strategy says when it is asked for it.
  const token = await obtain({ auth, surroundings }, null);
  const error = token instanceof AuthError ? token : new AuthError("AUTH_MISSING", { place: missing });
  return failed("credential", { finding: error.code, sentence: error.sentence, place: missing });
};

/** What does the server say to somebody without it? */
const openStep = (open: Handshake, { server, auth }: Checking): Step => {
  if (open.kind === "unreachable") return failed("challenge", unreachable(open.why, server));
  const hasNone = auth.strategy === "none";
  if (isOk(open)) {
    if (hasNone) return fine("challenge", `the server answers ${open.method}: it needs none`);
    return warned("challenge", { finding: "SERVER_OPEN", sentence: `it answers ${open.method} without a credential` });
  }
  if (open.status === 401) {
    const sentence = `401${challengeInWords(open.challenge)}: it wants a credential`;
    if (hasNone) return failed("challenge", { finding: "SERVER_WANTS_CREDENTIAL", sentence });
    return fine("challenge", sentence);
  }
  if (open.status === 403) {
    const sentence = "403: it lets nobody in without a credential, and does not say which";
    if (hasNone) return failed("challenge", { finding: "SERVER_WANTS_CREDENTIAL", sentence });
    return fine("challenge", sentence);
  }
  return failed("challenge", strange(open, server));
};

/** HTTP dates are whole seconds, and an answer takes its time; a minute is what makes tokens fail. */
const CLOCK_TOLERANCE_MS = 60_000;

function* clockStep(open: Handshake, nowMs: number): Generator<Step> {
  if (open.kind === "unreachable" || open.dateMs === null) return;
  const aheadMs = nowMs - open.dateMs;
  if (Math.abs(aheadMs) < CLOCK_TOLERANCE_MS) return;
  const sentence = `this machine's clock is ${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead of" : "behind"} the server's`;
  yield warned("clock", { finding: "CLOCK_OFF", sentence });
}

/** Whom does the server name, and for what? Its own word: what a strategy makes of it shows in the token. */
async function* metadataSteps(header: string | null, { server, surroundings }: Checking): AsyncGenerator<Step> {
  const challenge = parseChallenge(header);
  let resource: ProtectedResource | null;
  try {
    resource = await findProtectedResource(challenge, { http: surroundings.http, server });
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const { code, sentence, detail } = error;
    yield warned("authorization-server", { finding: code, sentence, place: detail.place });
    return;
  }
  const issuers = resource?.authorizationServers ?? [];
  yield issuers.length === 0
    ? skipped("authorization-server", "the server names none (it has no protected resource metadata)")
    : fine("authorization-server", `${issuers.slice(0, 3).join(", ")}, as the server's metadata says`);
  const scopes = challenge?.scope ?? resource?.scopesSupported.slice(0, 10).join(" ") ?? "";
  const audience = resource === null ? "" : `, for ${resource.resource}`;
  yield scopes === "" ? skipped("scope", `the server names none${audience}`) : fine("scope", scopes + audience);
}

/** A source that finds out from the 401 what to ask for is shown it, as a run would. */
const obtain = async (
  { auth, surroundings }: Pick<Checking, "auth" | "surroundings">,
  refusal: { readonly token: string | null; readonly challenge: string | null } | null,
): Promise<Fetched | AuthError> => {
  try {
    const source = strategyKind(auth).source(auth, surroundings);
    const fetching = { source, surroundings, onLate: () => undefined };
    const first = await fetchToken({ ...fetching, refusal: null });
    return first.header === null && refusal !== null ? await fetchToken({ ...fetching, refusal }) : first;
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
};

const tokenStep = ({ askedAtMs }: Fetched, claims: ShownClaims | null, nowMs: number): Step => {
  const kind = claims === null ? "an opaque one: only its issuer can read it" : "a JWT";
  return fine("token", `${kind}, there after ${Math.round(nowMs - askedAtMs)} ms`, claims);
};

/** Does it work? */
const initializeStep = async (checking: Checking, token: Fetched, claims: ShownClaims | null): Promise<Step> => {
  const { server, surroundings } = checking;
  let header = token.header;
  let answer = await handshake(server, header, surroundings.http);
  let repaired = "";
  if (answer.kind === "answered" && isRefusal(answer)) {
    // As in a run: a refused token is renewed once and the request repeated once.
    const again = await obtainAfter(checking, header, answer.challenge);
    if (again !== null && again !== header) {
      header = again;
      answer = await handshake(server, header, surroundings.http);
      repaired = ", after one renewal";
    }
  }
  if (answer.kind === "unreachable") return failed("initialize", unreachable(answer.why, server));
  if (isOk(answer)) return fine("initialize", `the server answers ${answer.method}${repaired}: the token works`);
  if (answer.status === 401) return failed("initialize", refused(answer, claims, surroundings.now()));
  if (answer.status === 403) return failed("initialize", forbidden(answer));
  return failed("initialize", strange(answer, server));
};

type Answered = Extract<Handshake, { kind: "answered" }>;

const isOk = ({ status, rpcErrorCode }: Answered): boolean => status >= 200 && status < 300 && rpcErrorCode === null;

const isRefusal = ({ status, challenge }: Answered): boolean =>
  status === 401 || (status === 403 && insufficientScope(challenge) !== null);

const obtainAfter = async (
  { auth, surroundings }: Checking,
  header: string | null,
  challenge: string | null,
): Promise<string | null> => {
  const source = strategyKind(auth).source(auth, surroundings);
  const refusal = { token: header?.slice("Bearer ".length) ?? null, challenge };
  try {
    return (await fetchToken({ source, refusal, surroundings, onLate: () => undefined })).header;
  } catch (error) {
    if (error instanceof AuthError) return null; // The first token's refusal is what is told.
    throw error;
  }
};

const refused = (answer: Answered, claims: ShownClaims | null, nowMs: number) => {
  // The server's clock decides; where it does not tell it, ours.
  const endedMs = (answer.dateMs ?? nowMs) - Date.parse(claims?.expiresAt ?? "");
  if (endedMs > 0) {
    const sentence = `401${challengeInWords(answer.challenge)}: the token has ended ${duration(endedMs)} ago`;
    return { finding: "TOKEN_EXPIRED", sentence } as const;
  }
  const [audience] = claims?.audience ?? [];
  const whose = audience === undefined ? "" : `, which is made for ${audience}`;
  const sentence = `401${challengeInWords(answer.challenge)}: the server refuses the token${whose}`;
  return { finding: "TOKEN_REFUSED", sentence } as const;
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

/** How long does it last? */
const ENDS_SOON_MS = 60 * 60_000;

const expiryStep = (token: Fetched, claims: ShownClaims | null, { now, monotonicMs }: Surroundings): Step => {
  if (token.livesMs !== null) {
    const leftMs = token.askedAtMs + token.livesMs - monotonicMs();
    if (!token.isGuess) return fine("expiry", `in ${duration(leftMs)}; renewed before that`);
    return fine("expiry", `not told; looked at again after ${duration(leftMs)}, and after a 401`);
  }
  const expiresAt = claims?.expiresAt ?? null;
  if (expiresAt === null) return skipped("expiry", "nobody says; it is had again after a 401");
  const leftMs = Date.parse(expiresAt) - now();
  if (leftMs >= ENDS_SOON_MS) return fine("expiry", `in ${duration(leftMs)} (${expiresAt})`);
  const when = leftMs > 0 ? `in ${duration(leftMs)}` : `${duration(-leftMs)} ago`;
  return warned("expiry", { finding: "TOKEN_ENDS_SOON", sentence: `${when} (${expiresAt}), and nothing renews it` });
};

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)/;

const unreachable = (why: string, { url }: CheckedServer) => ({
  finding: CERTIFICATE.test(why) ? ("SERVER_CERTIFICATE" as const) : ("SERVER_UNREACHABLE" as const),
  sentence: CERTIFICATE.test(why)
    ? `the certificate of ${new URL(url).host} is not to be trusted (${why})`
    : `${urlWithoutQuery(url)} cannot be reached (${why})`,
  place: urlWithoutQuery(url),
});

const strange = ({ status, rpcErrorCode, method }: Answered, { url }: CheckedServer) => ({
  finding: "SERVER_STRANGE" as const,
  sentence: `HTTP ${status}${rpcErrorCode === null ? "" : ` with the error ${rpcErrorCode}`} to ${method}: no MCP server's answer`,
  place: urlWithoutQuery(url),
});

/** The error word of RFC 6750; a server's prose is not repeated. */
const challengeInWords = (header: string | null): string => {
  const error = parseChallenge(header)?.error ?? null;
  return error === null ? "" : ` ${error}`;
};

/** `45 s`, `12 min`, `3 h 20 min`, `14 days`. */
const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
};
