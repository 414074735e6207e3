/** True for what a map of YAML or JSON becomes: no list, and not null. */
export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
