import type { Lookup } from "../config/environment.ts";
import type { ServerSettings } from "../config/settings.ts";
import type { World } from "./auth-strategy.ts";
import { REAL_WORLD } from "./real-world.ts";
import { strategyKind } from "./strategy.ts";

/**
 * Name of the variable or file whose credential the server needs and that is not there; null when it can be tested.
 * For `hello` (docs/link-protocol.md), so that the server is left out before a user meets it.
 */
export const missingCredential = (
  { auth }: Pick<ServerSettings, "auth">,
  lookup: Lookup,
  world: World = REAL_WORLD,
): string | null => strategyKind(auth).missing(auth, { ...world, lookup });
