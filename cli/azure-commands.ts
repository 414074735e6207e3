/** `swarmbridge azure …`: what can be typed. The work of each is in a file of its own in `azure/` here, loaded when used. */

import type { Command } from "commander";

/** @param end called with the exit code */
export const addAzureCommands = (_swarmbridge: Command, _end: (code: number) => void): void => undefined;
