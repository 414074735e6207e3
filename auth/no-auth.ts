import type { AuthSettings } from "../config/settings.ts";
import type { AuthStrategy, StrategyKind } from "./auth-strategy.ts";

const NOTHING: AuthStrategy = { authorization: () => null, rejected: () => false };

/** `none`: no credential at all. */
export const noAuth: StrategyKind<Extract<AuthSettings, { strategy: "none" }>> = {
  create: () => NOTHING,
  missing: () => null,
};
