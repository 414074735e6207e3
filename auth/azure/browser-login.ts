/**
 * A login in the browser that outlives the program: `swarmbridge auth login` opens the browser and keeps the refresh token
 * in a file; a run uses it silently and never opens anything.
 */

import { createHash } from "node:crypto";
import {
  CredentialUnavailableError,
  deserializeAuthenticationRecord,
  InteractiveBrowserCredential,
  type InteractiveBrowserCredentialNodeOptions,
  serializeAuthenticationRecord,
  useIdentityPlugin,
} from "@azure/identity";
import type { AzureCredentialSettings } from "./credential-schema.ts";
import { readLogin, writeLogin } from "./login-file.ts";

/** What a person is told after logging in. */
export interface Account {
  readonly username: string;
  readonly tenantId: string;
}

type Options = Pick<
  InteractiveBrowserCredentialNodeOptions,
  "httpClient" | "disableInstanceDiscovery" | "retryOptions"
>;

/** @returns a credential that uses the kept login; its `getToken` rejects with CredentialUnavailableError without one */
export const silentBrowserCredential = (settings: AzureCredentialSettings, options: Options, folder: string) => {
  let kept: { readonly record: string; readonly credential: InteractiveBrowserCredential } | null = null;
  return {
    // The record is read each time: who logs in while a run goes on is heard at the next renewal.
    getToken: async (scope: string | string[]) => {
      const record = readLogin(folder, recordName(settings));
      if (record === null) throw new CredentialUnavailableError("nobody has logged in");
      if (kept?.record !== record) kept = { record, credential: credentialOf(settings, options, folder, record) };
      return kept.credential.getToken(scope);
    },
  };
};

/** Opens the browser, waits for the person, keeps the login. Rejects with the official client's errors. */
export const logInWithBrowser = async (
  settings: AzureCredentialSettings,
  options: Options,
  { scope, folder }: { readonly scope: string; readonly folder: string },
): Promise<Account> => {
  const record = await credentialOf(settings, options, folder, null).authenticate(scope);
  if (record === undefined) throw new CredentialUnavailableError("the browser brought no account");
  writeLogin(folder, recordName(settings), serializeAuthenticationRecord(record));
  return { username: record.username, tenantId: record.tenantId };
};

const credentialOf = (
  settings: AzureCredentialSettings,
  options: Options,
  folder: string,
  record: string | null,
): InteractiveBrowserCredential => {
  keepLoginsIn(folder);
  return new InteractiveBrowserCredential({
    ...options,
    ...(settings.clientId === undefined ? {} : { clientId: settings.clientId }),
    ...(settings.tenantId === undefined ? {} : { tenantId: settings.tenantId }),
    ...(settings.authorityHost === undefined ? {} : { authorityHost: settings.authorityHost }),
    ...(record === null ? {} : { authenticationRecord: deserializeAuthenticationRecord(record) }),
    disableAutomaticAuthentication: true,
    tokenCachePersistenceOptions: { enabled: true, name: nameOf(settings) },
  });
};

/** One login for each application, tenant and cloud. A hash: a tenant may hold what a file's name may not. */
const nameOf = ({ clientId, tenantId, authorityHost }: AzureCredentialSettings): string => {
  const whole = JSON.stringify([clientId ?? null, tenantId ?? null, authorityHost ?? null]);
  return `azure-login-${createHash("sha256").update(whole).digest("hex").slice(0, 16)}`;
};
const recordName = (settings: AzureCredentialSettings): string => `${nameOf(settings)}.record.json`;

/** The parts of MSAL's cache plugin that are used here; `@azure/identity` hands the context over as `unknown`. */
interface CacheContext {
  readonly cacheHasChanged: boolean;
  readonly tokenCache: { serialize(): string; deserialize(text: string): void };
}
interface PluginContext {
  readonly cachePluginControl: {
    setPersistence(
      factory: (options?: { name?: string }) => Promise<{
        beforeCacheAccess(context: CacheContext): Promise<void>;
        afterCacheAccess(context: CacheContext): Promise<void>;
      }>,
    ): void;
  };
}

/** Persistence without a native keyring: the seam that Azure's own persistence package uses. */
const keepLoginsIn = (folder: string): void =>
  useIdentityPlugin((context) =>
    (context as PluginContext).cachePluginControl.setPersistence(async ({ name = "azure-login" } = {}) => {
      const file = `${name}.json`;
      return {
        beforeCacheAccess: async ({ tokenCache }) => {
          const text = readLogin(folder, file);
          if (text !== null) tokenCache.deserialize(text);
        },
        afterCacheAccess: async ({ cacheHasChanged, tokenCache }) => {
          if (cacheHasChanged) writeLogin(folder, file, withoutAccessTokens(tokenCache.serialize()));
        },
      };
    }),
  );

/** They would be of use to a thief only: the keeper of a run never takes one from there. */
const withoutAccessTokens = (cache: string): string => {
  const { AccessToken: _, ...kept } = JSON.parse(cache) as Record<string, unknown>;
  return JSON.stringify({ ...kept, AccessToken: {} });
};
