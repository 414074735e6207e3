import { withinLimit } from "../time-limit.ts";
import type { World } from "../world.ts";

/** Keeps the process alive, unlike a keeper's timers: somebody waits for what it ends. */
const after: World["after"] = (ms, action) => {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
};

/** Rejects with AuthError AUTH_UNREACHABLE after `ms`: neither MSAL nor a program's wrapper ends for sure. */
export const within = <T>(ms: number, work: Promise<T>): Promise<T> => withinLimit(work, { limitMs: ms, after });
