/** Whether a line of a shell that calls `swarmbridge` would be understood: parsed by the real commands, none of them run. */

import { Command } from "commander";
import { addAuthCommands } from "../../cli/auth-commands.ts";
import { addAzureCommands } from "../../cli/azure-commands.ts";
import { addBaselineCommand } from "../../cli/baseline-command.ts";
import { addCompareCommand } from "../../cli/compare-command.ts";
import { addGateCommand } from "../../cli/gate-command.ts";

/** Words behind `swarmbridge`, up to whatever ends a command in a shell; null for a line that does not call it. */
export const swarmbridgeWords = (line: string): string[] | null => {
  const [, rest] = /(?:^|[\s;&|(])swarmbridge(?![\w.-])((?:\s+[^;&|>#]*)?)/.exec(line.replace(/^\s*#.*/, "")) ?? [];
  if (rest === undefined) return null;
  return [...rest.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
};

/** @returns what is wrong with the words, or null */
export const commandFault = async (words: readonly string[]): Promise<string | null> => {
  let isReached = false;
  const swarmbridge = new Command("swarmbridge");
  addAuthCommands(swarmbridge, () => undefined);
  addGateCommand(swarmbridge, () => undefined);
  addAzureCommands(swarmbridge, () => undefined);
  addCompareCommand(swarmbridge, () => undefined);
  addBaselineCommand(swarmbridge, () => undefined);
  tamed(swarmbridge, () => {
    isReached = true;
  });
  try {
    await swarmbridge.parseAsync(words, { from: "user" });
    return isReached ? null : "no command";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Throws in place of an exit, says nothing, and does nothing but `reached`. */
const tamed = (command: Command, reached: () => void): void => {
  command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  if (command.commands.length === 0) command.action(reached);
  for (const child of command.commands) tamed(child, reached);
};
