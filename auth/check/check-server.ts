/** Looks at one server's credential, one thing after the other, and says of each what it found: `swarmbridge auth check`. */

import type { AuthSettings } from "../../config/settings.ts";
import { AuthError } from "../auth-error.ts";
import { parseChallenge } from "../discovery/challenge.ts";
import { findProtectedResource, type ProtectedResource } from "../discovery/protected-resource.ts";
import { strategyKind } from "../strategies.ts";
import type { TokenSource } from "../token.ts";
import type { Fetched } from "../token-fetch.ts";
import type { Surroundings } from "../world.ts";
import { shownClaims } from "./claims.ts";
import { type CheckedServer, type Handshake, handshake } from "./handshake.ts";
import { clockSteps, initializeStep, isRefusal, openStep } from "./server-steps.ts";
import { brokenOff, fine, type ShownClaims, type Step, skipped, warned } from "./step.ts";
import { credentialStep, expiryStep, noneStep, obtain, tokenStep } from "./token-steps.ts";

interface Checking {
  readonly server: CheckedServer;
  /** The server's, or those of one of its identities. */
  readonly auth: AuthSettings;
  readonly surroundings: Surroundings;
}

/**
 * Yields a step as soon as it is known. Goes on after a failure wherever the next answer still helps to understand it.
 * Never throws: what ends it early is its last step, and whoever checks several servers goes on with the next.
 */
export async function* checkServer({ server, auth, surroundings }: Checking): AsyncGenerator<Step, void> {
  const notes: string[] = [];
  const noting: Surroundings = {
    ...surroundings,
    report: (event) => {
      if (event.what === "note") notes.push(event.text);
    },
  };
  let source: TokenSource | null = null;
  try {
    source = strategyKind(auth).source(auth, noting);
    yield* steps({ server, auth, surroundings: noting }, source, notes);
  } catch (error) {
    yield brokenOff(error);
  } finally {
    source?.close?.();
  }
}

/** @param notes what the source has said on the way, filled while it is asked */
async function* steps(checking: Checking, source: TokenSource, notes: readonly string[]): AsyncGenerator<Step, void> {
  const { server, auth, surroundings } = checking;
  const hasCredential = auth.strategy !== "none";
  const credential = hasCredential ? await credentialStep(auth, source, surroundings) : noneStep(server.headers);
  yield credential;

  if (server.transport !== "streamable-http") {
    yield skipped("challenge", UNASKED[server.transport]);
    if (!hasCredential || credential.status === "fail") return;
    const token = await obtain(source, null, surroundings);
    const claims = yield* tokenSteps(source, token, { notes, surroundings });
    if (!(token instanceof AuthError) && token.header !== null) yield expiryStep(token, claims, surroundings);
    return;
  }
  const open = await handshake(server, null, surroundings.http);
  yield openStep(open, server, hasCredential);
  yield* clockSteps(open, surroundings.now());
  if (isRefusal(open)) yield* metadataSteps(open.challenge, checking);

  if (!hasCredential) return;
  if (credential.status === "fail") {
    yield skipped("token", "there is none to be had without that");
    return;
  }
  const token = await firstToken(source, open, surroundings);
  const claims = yield* tokenSteps(source, token, { notes, surroundings });
  if (token instanceof AuthError || token.header === null) return;

  const noWay = NO_WAY[open.kind];
  yield noWay === null
    ? await tryToken(checking, source, { header: token.header, claims })
    : skipped("initialize", noWay);
  yield expiryStep(token, claims, surroundings);
}

/** Why nothing is asked of a server over one of the older transports. */
const UNASKED = {
  sse: "a server over sse is not asked here: a run shows whether it takes the credential",
  stdio: "the server is a process: it gets its credential through stdio.env",
} as const;

/** @returns what the token says of itself */
async function* tokenSteps(
  source: TokenSource,
  token: Fetched | AuthError,
  { notes, surroundings }: { readonly notes: readonly string[]; readonly surroundings: Surroundings },
): AsyncGenerator<Step, ShownClaims | null> {
  const claims = token instanceof AuthError || token.header === null ? null : shownClaims(tokenIn(token.header));
  const nowMs = surroundings.monotonicMs();
  const chosen = token instanceof AuthError ? null : ((await source.chosen?.()) ?? null);
  yield withNotes(tokenStep(token, { claims, chosen, nowMs }), notes);
  return claims;
}

/** Why the token is not tried, by how the server could be asked without it. */
const NO_WAY = {
  answered: null,
  unreachable: "the server cannot be reached",
  failed: "the server cannot be asked, as said above",
} as const satisfies Record<Handshake["kind"], string | null>;

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

/** A source that finds out from the 401 what to ask for is shown it, as in a run. */
const firstToken = async (
  source: TokenSource,
  open: Handshake,
  surroundings: Surroundings,
): Promise<Fetched | AuthError> => {
  const first = await obtain(source, null, surroundings);
  if (first instanceof AuthError || first.header !== null || !isRefusal(open)) return first;
  return obtain(source, { token: null, challenge: open.challenge }, surroundings);
};

/** As in a run, a refused token is renewed once and the request repeated once. */
const tryToken = async (
  { server, surroundings }: Checking,
  source: TokenSource,
  { header, claims }: { readonly header: string; readonly claims: ShownClaims | null },
): Promise<Step> => {
  const nowMs = surroundings.now();
  const first = await handshake(server, header, surroundings.http);
  const firstStep = () => initializeStep(first, server, { claims, nowMs, isSecond: false });
  if (!isRefusal(first)) return firstStep();
  const renewed = await obtain(source, { token: tokenIn(header), challenge: first.challenge }, surroundings);
  // That there is no other token explains less than why the first one was refused.
  if (renewed instanceof AuthError || renewed.header === null || renewed.header === header) return firstStep();
  const second = await handshake(server, renewed.header, surroundings.http);
  const claimsThen = shownClaims(tokenIn(renewed.header));
  return initializeStep(second, server, { claims: claimsThen, nowMs, isSecond: true });
};

const withNotes = (step: Step, notes: readonly string[]): Step => ({
  ...step,
  sentence: [step.sentence, ...new Set(notes)].join("; "),
});

const tokenIn = (header: string): string => header.slice("Bearer ".length);
