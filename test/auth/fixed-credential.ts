import type { Credential, Credentials } from "../../auth/credential.ts";

/** A credential that a test makes up: none at all unless it says otherwise. */
export const fixedCredential = (over: Partial<Credential> = {}): Credential => ({
  authorization: () => null,
  rejected: () => false,
  accepted: () => undefined,
  waitedMs: () => null,
  close: () => undefined,
  ...over,
});

/** The same one for every user. */
export const fixedCredentials = (over: Partial<Credential> = {}): Credentials => {
  const one = fixedCredential(over);
  return { of: () => one, waitsMs: () => [], close: () => undefined };
};
