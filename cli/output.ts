import { cleanOutput } from "../bridge/clean-output.ts";
import { Redactor } from "../bridge/redactor.ts";
import { type Style, styleFor } from "./style.ts";

/** Where a subcommand writes, and what it knows of its surroundings. */
export interface Output {
  /** One text and a line end to standard output. */
  readonly print: (text: string) => void;
  readonly style: Style;
  readonly env: NodeJS.ProcessEnv;
  /** Stands before all that is written. Whoever comes to know a secret tells it. */
  readonly redactor: Redactor;
}

/** Of this process. From now on what libraries print by themselves (`AZURE_LOG_LEVEL`, `NODE_DEBUG`) is cleaned, too. */
export const processOutput = (): Output => {
  const redactor = new Redactor();
  cleanOutput(redactor, "swarmbridge");
  return {
    print: (text) => process.stdout.write(`${text}\n`),
    style: styleFor(process.stdout, process.env),
    env: process.env,
    redactor,
  };
};
