import { type Style, styleFor } from "./style.ts";

/** Where a subcommand writes, and what it knows of its surroundings. */
export interface Output {
  /** One text and a line end to standard output. */
  readonly print: (text: string) => void;
  readonly style: Style;
  readonly env: NodeJS.ProcessEnv;
}

export const processOutput = (): Output => ({
  print: (text) => process.stdout.write(`${text}\n`),
  style: styleFor(process.stdout, process.env),
  env: process.env,
});
