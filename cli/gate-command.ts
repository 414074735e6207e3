/** `swarmbridge gate`: what can be typed. The work is in `gate.ts`, loaded when used. */

import type { Command } from "commander";

/** @param end called with the exit code */
export const addGateCommand = (_swarmbridge: Command, _end: (code: number) => void): void => undefined;
