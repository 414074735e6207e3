import type { Lookup } from "../config/environment.ts";
import type { ServerSettings, Settings } from "../config/settings.ts";
import { fileReaderIn } from "./real-world.ts";
import { strategyKind } from "./strategies.ts";
import type { World } from "./world.ts";

/**
 * Name of the variable or file whose credential the server needs and that is not there; null when it can be tested.
 * For `hello` (docs/link-protocol.md), so that the server is left out before a user meets it.
 */
export const missingCredential = (
  { auth }: Pick<ServerSettings, "auth">,
  { folder }: Pick<Settings, "folder">,
  lookup: Lookup,
  readFile: World["readFile"] = fileReaderIn(folder),
): string | null => strategyKind(auth).missing(auth, { readFile, lookup });
