/**
 * The two sections of a record that hold counts and times by name. What auth cost is kept like an operation and is none:
 * its names stand in a section of their own, so that no sum, percentage or limit of operations can contain it.
 */

/** `token`: somebody waited for it. `renewal`: nobody did. `401`: a refused credential; `ok` when it was repaired. */
export const AUTH_ROWS = ["token", "renewal", "401"] as const;
export type AuthRow = (typeof AUTH_ROWS)[number];

export type Section = "operations" | "auth";

const AUTH_TARGETS: ReadonlySet<string> = new Set(AUTH_ROWS.map((row) => `auth/${row}`));

/** The name of what auth did for a server. */
export const authName = (server: string, row: AuthRow): string => `${server}:auth/${row}`;

/** Where a name belongs. The only place that decides it. */
export const sectionOf = (name: string): Section => {
  const target = name.indexOf(":") + 1;
  // Asked for every call: the cheap look first. A tool may be called `auth/token`; its name has another first part.
  const isAuth = target > 1 && name.startsWith("auth/", target) && AUTH_TARGETS.has(name.slice(target));
  return isAuth ? "auth" : "operations";
};

/** Values by name, parted. */
export const parted = <Value>(values: Iterable<readonly [name: string, value: Value]>) => {
  const sections: Record<Section, Record<string, Value>> = { operations: {}, auth: {} };
  for (const [name, value] of values) sections[sectionOf(name)][name] = value;
  return sections;
};
