import type { Lookup } from "../config/environment.ts";
import type { ServerSettings, Settings } from "../config/settings.ts";
import { AuthError } from "./auth-error.ts";
import { withoutIdentities, writtenIdentities } from "./identity/identity-list.ts";
import { fileReaderIn } from "./real-world.ts";
import { strategyKind } from "./strategies.ts";
import type { Surroundings } from "./world.ts";

/**
 * Name of the variable or file whose credential the server needs and that is not there; null when it can be tested.
 * For `hello` (docs/link-protocol.md), so that the server is left out before a user meets it. Of several identities it
 * is the first one's that lacks something.
 */
export const missingCredential = (
  { auth }: Pick<ServerSettings, "auth">,
  { folder }: Pick<Settings, "folder">,
  lookup: Lookup,
  readFile: Surroundings["readFile"] = fileReaderIn(folder),
): string | null => {
  const around = { readFile, lookup };
  const kind = strategyKind(auth);
  try {
    const identities = writtenIdentities(kind, auth, around) ?? [withoutIdentities(auth)];
    for (const identity of identities) {
      const missing = kind.missing(identity, around);
      if (missing !== null) return missing;
    }
    return null;
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    // A list that is there, and wrong, is told as what it is when the server is used.
    return error.code === "AUTH_IDENTITIES" ? null : (error.detail.place ?? null);
  }
};
