/**
 * The sections of a record that hold counts and times by name. What is none of a server's operations is kept like one, but
 * in a section of its own, so that no sum, percentage or limit of operations can contain it.
 */

/** `token`: somebody waited for it. `renewal`: nobody did. `401`: a refused credential; `ok` when it was repaired. */
export const AUTH_ROWS = ["token", "renewal", "401"] as const;
export type AuthRow = (typeof AUTH_ROWS)[number];

/**
 * - `turns`: what lies between two think times. Its time is from the first start to the last end.
 * - `arrivals`: planned starts. `ok` began, with its lateness as the time; `dropped` found no free user.
 */
export const SECTIONS = ["operations", "auth", "turns", "arrivals"] as const;
export type Section = (typeof SECTIONS)[number];

const AUTH_TARGETS: ReadonlySet<string> = new Set(AUTH_ROWS.map((row) => `auth/${row}`));

/** No method of MCP is called like these. */
const TURN = "turn:";
const ARRIVAL = "arrival:";

/** The name of what auth did for a server. */
export const authName = (server: string, row: AuthRow): string => `${server}:auth/${row}`;

export const turnName = (server: string, turn: string): string => `${server}:${TURN}${turn}`;

export const arrivalName = (server: string, what: string): string => `${server}:${ARRIVAL}${what}`;

/** Where a name belongs. The only place that decides it. */
export const sectionOf = (name: string): Section => {
  const target = name.indexOf(":") + 1;
  // Asked for every call: the cheap look first. A tool may be called `auth/token`; its name has another first part.
  if (target < 2 || name.startsWith("tools/", target)) return "operations";
  if (name.startsWith(TURN, target)) return "turns";
  if (name.startsWith(ARRIVAL, target)) return "arrivals";
  const isAuth = name.startsWith("auth/", target) && AUTH_TARGETS.has(name.slice(target));
  return isAuth ? "auth" : "operations";
};

/** Values by name, parted. */
export const parted = <Value>(values: Iterable<readonly [name: string, value: Value]>) => {
  const sections: Record<Section, Record<string, Value>> = { operations: {}, auth: {}, turns: {}, arrivals: {} };
  for (const [name, value] of values) sections[sectionOf(name)][name] = value;
  return sections;
};
