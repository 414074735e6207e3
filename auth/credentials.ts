/** Puts the parts of this room together: from a server's `auth` key to the credentials of its users. */

import type { AuthSettings } from "../config/settings.ts";
import { AuthError } from "./auth-error.ts";
import type { Credential, Credentials } from "./credential.ts";
import { FetchGate } from "./fetch-gate.ts";
import { IdentityCredentials } from "./identity/identity-credentials.ts";
import { identitiesOf, MOST_IDENTITIES, withoutIdentities, writtenIdentities } from "./identity/identity-list.ts";
import { KeptToken } from "./kept-token.ts";
import { phaseOf } from "./renewal-plan.ts";
import { strategyKind } from "./strategies.ts";
import type { AuthEvent, Share, Surroundings } from "./world.ts";

/** Token fetches of one server at the same time: what an issuer takes from one address without a thought. */
const MOST_FETCHES = 32;

/** Of hundreds of identities that fail together, a few are told by their number. */
const MOST_NOTES = 10;

/**
 * The credentials of one server for all its users in this process. Reads nothing and fetches nothing yet.
 * @param share this process among those of the run: identities and renewals are divided over them
 */
export const createCredentials = (
  auth: AuthSettings,
  surroundings: Surroundings,
  share: Share = { index: 0, of: 1 },
): Credentials => {
  const kind = strategyKind(auth);
  const gate = new FetchGate(MOST_FETCHES, surroundings.after);
  const identities = identitiesOf(auth);

  if (identities === null) {
    const source = kind.source(auth, surroundings);
    const one = new KeptToken({ source, surroundings, gate, phase: phaseOf(0, share), name: "the token" });
    const waitsMs = () => [one.waitedMs()].filter((waitedMs) => waitedMs !== null);
    return { of: () => one, waitsMs, close: () => one.close() };
  }

  const list = () => listIdentities(auth, surroundings);
  const few = { ...surroundings, report: fewNotes(surroundings.report) };
  const make = (settings: AuthSettings, number: number): Credential =>
    new KeptToken({
      source: kind.source(settings, surroundings),
      surroundings: few,
      gate,
      phase: phaseOf(number, share),
      name: `the token of identity ${number + 1}`,
    });
  return new IdentityCredentials({ list, make, share, surroundings });
};

/**
 * The settings of each of a server's identities, in the order in which users take them.
 * @throws {AuthError} AUTH_IDENTITIES when there is none or too many; what finding them may end with
 */
export const listIdentities = async (
  auth: AuthSettings,
  surroundings: Surroundings,
): Promise<readonly AuthSettings[]> => {
  const found = writtenIdentities(strategyKind(auth), auth, surroundings) ?? (await listed(auth, surroundings));
  if (found.length === 0) throw new AuthError("AUTH_IDENTITIES", { why: "there is none" });
  if (found.length > MOST_IDENTITIES) throw new AuthError("AUTH_IDENTITIES", { why: `more than ${MOST_IDENTITIES}` });
  return found;
};

const listed = async (auth: AuthSettings, surroundings: Surroundings): Promise<readonly AuthSettings[]> => {
  const kind = strategyKind(auth);
  const prefix = identitiesOf(auth)?.prefix;
  if (kind.list === undefined || prefix === undefined) {
    throw new AuthError("AUTH_IDENTITIES", { place: auth.strategy, why: "it cannot list identities by a prefix" });
  }
  return kind.list(withoutIdentities(auth), prefix, surroundings);
};

const fewNotes = (report: (event: AuthEvent) => void): ((event: AuthEvent) => void) => {
  let notes = 0;
  return (event) => {
    if (event.what === "note") notes += 1;
    if (event.what !== "note" || notes <= MOST_NOTES) report(event);
    else if (notes === MOST_NOTES + 1) report({ what: "note", text: "more about single identities is not told" });
  };
};
