/** The command line of the demo fleet, read and checked. */

import { parseArgs } from "node:util";
import type { FleetOptions } from "./fleet.ts";

export const USAGE = `usage: npm run demo -- [options]

  --port N              first port less one: 4100 gives 4101 to 4104; 0 takes free ones (default 4100)
  --speed N             how many times faster than the delay table, 0 for no delay (default 1)
  --seed N              seed of delays and text (default 1)
  --json                print one line of JSON when ready, {"servers": {name: url}}
  --until-stdin-closes  end when standard input ends, for a program that starts the fleet
  --delays              print the table of delays and what is drawn from it, then end
  --help`;

export interface Options extends FleetOptions {
  readonly isJson: boolean;
  readonly untilStdinCloses: boolean;
  readonly wants: "fleet" | "delays" | "help";
}

/** A mistake on the command line; the message is one sentence for its author. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** Ports of the fleet are the four that follow. */
const LAST_BASE_PORT = 65_531;

/** @throws {OptionError} */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  return {
    port: numberOf("port", values.port, { max: LAST_BASE_PORT, isWhole: true }),
    speed: numberOf("speed", values.speed, { max: 1_000, isWhole: false }),
    seed: numberOf("seed", values.seed, { max: 2 ** 32 - 1, isWhole: true }),
    isJson: values.json,
    untilStdinCloses: values["until-stdin-closes"],
    wants: values.help ? "help" : values.delays ? "delays" : "fleet",
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "4100" },
        speed: { type: "string", default: "1" },
        seed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
        "until-stdin-closes": { type: "boolean", default: false },
        delays: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : "the options cannot be read", { cause });
  }
}

function numberOf(name: string, text: string, { max, isWhole }: { max: number; isWhole: boolean }): number {
  const value = Number(text);
  const isFine = text.trim() !== "" && value >= 0 && value <= max && (!isWhole || Number.isInteger(value));
  if (isFine) return value;
  throw new OptionError(`--${name} takes a ${isWhole ? "whole " : ""}number from 0 to ${max}, not "${text}"`);
}
