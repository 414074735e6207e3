import type { AuthSettings } from "../../config/settings.ts";
import { AuthError } from "../auth-error.ts";
import { listIdentities } from "../credentials.ts";
import { identitiesOf } from "../identity/identity-list.ts";
import type { Surroundings } from "../world.ts";

/** Each costs the server and the issuer a few requests. */
const MOST_CHECKED = 100;

interface CheckedIdentity {
  readonly auth: AuthSettings;
  /** From 1, as everywhere where people read it; null when all users share one credential. */
  readonly number: number | null;
  /** How many there are. */
  readonly of: number;
}

interface IdentityChoice {
  /** From 1; undefined: the first. */
  readonly identity: number | undefined;
  /** The first hundred of them. */
  readonly allIdentities: boolean;
}

/** @throws {AuthError} AUTH_IDENTITIES when there is no such identity; what finding them may end with */
export const identitiesToCheck = async (
  auth: AuthSettings,
  { identity = 1, allIdentities }: IdentityChoice,
  surroundings: Surroundings,
): Promise<readonly CheckedIdentity[]> => {
  if (identitiesOf(auth) === null) return [{ auth, number: null, of: 1 }];
  const all = await listIdentities(auth, surroundings);
  const numbered = all.map((own, index) => ({ auth: own, number: index + 1, of: all.length }));
  if (allIdentities) return numbered.slice(0, MOST_CHECKED);
  const chosen = numbered[identity - 1];
  if (chosen === undefined)
    throw new AuthError("AUTH_IDENTITIES", { why: `there are ${all.length}, no number ${identity}` });
  return [chosen];
};
