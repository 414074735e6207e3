/** Says why the command ended, and what to do. Errors made for people speak for themselves; others are defects of ours. */

import { CommanderError } from "commander";
import { AuthError } from "../auth/auth-error.ts";
import { AzureError } from "../azure/azure-error.ts";
import { ConfigError } from "../config/config-error.ts";
import { RecordError } from "../record/record-error.ts";
import { ReportError } from "../report/report-error.ts";
import { ShapeError } from "../traffic/shape/shape-error.ts";
import { CommandError } from "./command-error.ts";
import { EXIT, exitCodeOfAzureError, exitCodeOfError } from "./exit-code.ts";
import { HINTS } from "./hints.ts";

interface Told {
  readonly code: string;
  readonly lines: readonly string[];
  readonly next: string | null;
  readonly exitCode: number;
}

/** @returns the exit code */
export const tellError = (error: unknown, asJson: boolean): number => {
  const { code, lines, next, exitCode } = toldOf(error);
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ version: 1, exitCode, error: { code, lines, next } })}\n`);
  } else {
    process.stderr.write(`${[...lines, ...(next === null ? [] : [`→ ${next}`])].join("\n")}\n`);
  }
  return exitCode;
};

/** What there is to say of it. */
export const toldOf = (error: unknown): Told => {
  if (error instanceof ConfigError) {
    const { code, faults, cause } = error;
    // Of a shape in the file the loader names the line; this one was typed, or stands in locust.conf or the environment.
    const next = cause instanceof ShapeError ? "say a shape as docs/traffic.md (Load) has it" : hint(code);
    return { code, lines: faults, next, exitCode: EXIT.wrongInput };
  }
  if (error instanceof AuthError) {
    const next = hint(error.code, error.detail.place);
    return { code: error.code, lines: [error.sentence], next, exitCode: exitCodeOfError(error) };
  }
  if (error instanceof AzureError) {
    const next = hint(error.code, error.detail.place);
    return { code: error.code, lines: [error.sentence], next, exitCode: exitCodeOfAzureError(error) };
  }
  if (error instanceof RecordError) {
    const { code, message, detail } = error;
    const where = detail.dir === undefined ? "" : `${detail.dir}: `;
    return { code, lines: [where + message], next: "name another run, or run again", exitCode: EXIT.notJudged };
  }
  if (error instanceof ReportError) {
    const { code, message, detail } = error;
    const next = "in the checkout: npm run build";
    return { code, lines: [`${detail.dir}: ${message}`], next, exitCode: EXIT.wrongInput };
  }
  if (error instanceof CommandError) {
    return { code: "COMMAND", lines: [error.message], next: null, exitCode: EXIT.wrongInput };
  }
  if (error instanceof CommanderError) {
    // It has shown the help instead of an error, on standard error, to who named a group of commands alone.
    const text = error.code === "commander.help" ? "a command is missing" : error.message.replace(/^error: /, "");
    return { code: "COMMAND", lines: text.split("\n"), next: null, exitCode: EXIT.wrongInput };
  }
  // Its message may hold anything; its class does not.
  const name = error instanceof Error ? error.name : "an unknown error";
  const lines = [`a defect of swarmbridge, and none of your input: ${name}`];
  return { code: "DEFECT", lines, next: "report it, with what you typed", exitCode: EXIT.defect };
};

const hint = (code: keyof typeof HINTS, place: string | null = null): string =>
  HINTS[code]({ place, server: "", strategy: "" });
