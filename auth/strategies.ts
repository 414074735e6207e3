/** The table of strategies. A new one is a file and a row here (docs/auth.md). */

import type { AuthSettings } from "../config/settings.ts";
import { bearer } from "./strategy/bearer.ts";
import { command } from "./strategy/command.ts";
import { entra } from "./strategy/entra.ts";
import { keyvault } from "./strategy/keyvault.ts";
import { none } from "./strategy/none.ts";
import { oauth } from "./strategy/oauth.ts";
import type { StrategyKind } from "./strategy-kind.ts";

export const STRATEGIES = {
  none,
  bearer,
  keyvault,
  entra,
  command,
  oauth,
} as const;

type StrategyName = keyof typeof STRATEGIES;

/** The row belongs to the settings by construction: its own schema has made them. TypeScript cannot follow that. */
export const strategyKind = (settings: AuthSettings): StrategyKind =>
  STRATEGIES[settings.strategy as StrategyName] as unknown as StrategyKind;
