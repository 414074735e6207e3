/** What a measurement is made of: how many users call how, and the one tool call that all contenders make. */

export const ANSWERS = ["json", "sse"] as const;
export type Answer = (typeof ANSWERS)[number];

export const ERAS = ["session", "stateless"] as const;
export type Era = (typeof ERAS)[number];

/** The revision that stands for an era. */
export const REVISION = { session: "2025-11-25", stateless: "2026-07-28" } as const satisfies Record<Era, string>;

export const USERS = [1, 50, 200] as const;

export interface Workload {
  readonly users: number;
  readonly answer: Answer;
  readonly era: Era;
}

export const TOOL = "search";
export const TOOL_ARGUMENTS = { query: "create a storage account" } as const;

/** Path of the null server that answers a workload's way. */
export const pathOf = ({ answer, era }: Pick<Workload, "answer" | "era">): string => `/${era}/${answer}`;

export const labelOf = ({ users, answer, era }: Workload): string =>
  `${users} users, ${answer.toUpperCase()}, ${era} era`;

/** Every workload of these numbers of users, the session era first. */
export const workloadsOf = (users: readonly number[]): Workload[] =>
  users.flatMap((count) => ERAS.flatMap((era) => ANSWERS.map((answer) => ({ users: count, answer, era }))));
