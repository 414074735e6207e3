/** `swarmbridge auth login`: the only place from which a browser is opened. */

import { AuthError } from "../auth-error.ts";
import type { Surroundings } from "../world.ts";
import { credentialOptions } from "./azure-credential.ts";
import { tokenFailure } from "./azure-failure.ts";
import { type Account, logInWithBrowser } from "./browser-login.ts";
import type { AzureCredentialSettings } from "./credential-schema.ts";
import { loginFolder } from "./login-file.ts";
import { type Watched, Wire } from "./wire.ts";
import { within } from "./within.ts";

/** A person types a password and looks for a phone. */
const PERSON_LIMIT_MS = 5 * 60_000;

/**
 * Opens the browser and keeps the refresh token for runs with `use: browser`.
 * @param scope what the login is for; later runs may use it for other scopes of the same application
 * @returns the account, to be shown
 * @throws {AuthError} (rejects) AUTH_UNREACHABLE after 5 minutes, AUTH_REFUSED, AUTH_NO_LOGIN, AUTH_UNREADABLE
 */
export const login = async (
  settings: AzureCredentialSettings,
  scope: string,
  { lookup, learn }: Pick<Surroundings, "lookup" | "learn">,
): Promise<Account> => {
  const wire = new Wire();
  const watched: Watched = { sights: [], learn, beganMs: performance.now() };
  const place = { scope, folder: loginFolder(lookup) };
  try {
    const asked = wire.watch(watched, () =>
      logInWithBrowser(settings, credentialOptions(settings, wire.httpClient), place),
    );
    return await within(PERSON_LIMIT_MS, asked);
  } catch (error) {
    throw error instanceof AuthError ? error : tokenFailure(error, watched.sights, ["browser"]);
  }
};
