/** The table of strategies. A new one is a file, a row here and an alternative in config's `AuthSettings`. */

import type { Lookup } from "../config/environment.ts";
import type { AuthSettings } from "../config/settings.ts";
import type { AuthStrategy, StrategyKind, World } from "./auth-strategy.ts";
import { bearer } from "./bearer.ts";
import { noAuth } from "./no-auth.ts";
import { REAL_WORLD } from "./real-world.ts";

const STRATEGIES: { readonly [S in AuthSettings["strategy"]]: StrategyKind<Extract<AuthSettings, { strategy: S }>> } = {
  none: noAuth,
  bearer,
};

/**
 * The credential of one server: make one for all its users in this process. Reads nothing yet.
 * @param lookup config's `environmentOf(settings, process.env)`
 */
export const createAuthStrategy = (settings: AuthSettings, lookup: Lookup, world: World = REAL_WORLD): AuthStrategy =>
  strategyKind(settings).create(settings, { ...world, lookup });

/** The row belongs to the settings by construction of the table; TypeScript cannot follow a union through an index. */
export const strategyKind = (settings: AuthSettings): StrategyKind<AuthSettings> =>
  STRATEGIES[settings.strategy] as StrategyKind<AuthSettings>;
