/**
 * Who runs where: generators share one core, the null server has another, so that "per core" means what it says.
 * Without taskset (macOS, Windows) or with one core only nothing is pinned, and the report says so.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

const CORE = { server: 0, generator: 1 } as const;

export type Role = keyof typeof CORE;

const canPin =
  availableParallelism() > 1 &&
  spawnSync("taskset", ["-c", `${CORE.server},${CORE.generator}`, "true"], { stdio: "ignore" }).status === 0;

/** Null when nothing is pinned. */
export const pinning = canPin ? CORE : null;

/** The command that runs `command` on a role's core. What it starts inherits the core. */
export const onCore = (role: Role, command: readonly string[]): readonly string[] =>
  canPin ? ["taskset", "-c", String(CORE[role]), ...command] : command;
