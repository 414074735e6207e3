/** `swarmbridge auth login`: one login in the browser for each server whose credential is `browser`. */

import type { AzureCredentialSettings } from "../auth/azure/credential-schema.ts";
import { discoveredScope } from "../auth/azure/discovered-scope.ts";
import type { Surroundings } from "../auth/world.ts";
import { takeSecrets } from "../bridge/take-secrets.ts";
import type { ServerSettings, Settings } from "../config/settings.ts";
import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-code.ts";
import type { Output } from "./output.ts";
import { serversNamed } from "./servers-named.ts";
import { surroundingsOf } from "./surroundings-of.ts";

/**
 * @param name of the only server to log in for; undefined: all that use the browser
 * @returns the exit code
 * @throws {CommandError} when none of them does
 * @throws {AuthError} when a login does not come about
 */
export const authLogin = async (settings: Settings, name: string | undefined, output: Output): Promise<number> => {
  const servers = serversNamed(settings, name).flatMap((server) => {
    const credential = server.auth.credential as AzureCredentialSettings | undefined;
    return credential !== undefined && [credential.use].flat().includes("browser") ? [{ server, credential }] : [];
  });
  if (servers.length === 0) {
    const who = name === undefined ? `no server of ${settings.source} logs` : `${name} does not log`;
    throw new CommandError(`${who} in with the browser; say credential: { use: browser } in auth (docs/auth.md)`);
  }
  const { env, redactor } = output;
  const environment = takeSecrets(settings, env, redactor);
  const { login } = await import("../auth/azure/login.ts");
  for (const { server, credential } of servers) {
    const surroundings = surroundingsOf(server, { settings, environment, redactor });
    output.print(`${output.style.bold(server.name)}  a browser opens; log in there (5 minutes)`);
    const account = await login(credential, await scopeOf(server, credential, surroundings), surroundings);
    output.print(redactor.clean(`logged in as ${account.username}, tenant ${account.tenantId}; runs use it silently`));
  }
  return EXIT.fine;
};

const scopeOf = (
  { auth: { scope, vault } }: ServerSettings,
  credential: AzureCredentialSettings,
  surroundings: Surroundings,
): string | Promise<string> => {
  if (typeof scope === "string") return scope;
  // A vault's audience is its host without its own name: https://vault.azure.net.
  if (typeof vault === "string") return `https://${new URL(vault).hostname.split(".").slice(1).join(".")}/.default`;
  return discoveredScope(credential, surroundings);
};
