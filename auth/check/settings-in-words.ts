import type { AuthSettings } from "../../config/settings.ts";

/** Keys that are about all strategies, or that say nothing of where a credential is. */
const UNTOLD = new Set(["strategy", "identities", "allowPlainHttp", "optional"]);

/**
 * A strategy and where it looks: `bearer, env GITHUB_MCP_TOKEN`. The settings hold names and no secrets; still, of a
 * program only its name is said, because of its arguments that is only hoped.
 */
export const settingsInWords = (auth: AuthSettings): string =>
  [auth.strategy, ...Object.entries(auth).flatMap(([key, value]) => (UNTOLD.has(key) ? [] : inWords(key, value)))].join(
    ", ",
  );

const inWords = (key: string, value: unknown): string[] => {
  // Numbers are spans and ages in ms: not where anything is.
  if (typeof value === "string") return value === "auto" ? [] : [`${key} ${value}`];
  if (Array.isArray(value)) return listInWords(key, value);
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, below]) => inWords(name, below));
  return inner.length > 0 ? [`${key} (${inner.join(", ")})`] : [];
};

const listInWords = (key: string, values: readonly unknown[]): string[] => {
  const [first, ...others] = values.map(String);
  if (first === undefined) return [];
  if (key === "run") return [`${key} ${first}${others.length > 0 ? " ..." : ""}`];
  return [`${key} ${[first, ...others].join(" ")}`];
};
