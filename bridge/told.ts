import { ConfigError } from "../config/config-error.ts";
import { RecordError } from "../record/record-error.ts";

/** What an error says to a person, and the exit code it deserves (design, exit codes). */
export interface Told {
  readonly code: string;
  /** One sentence, or a line for each fault. */
  readonly message: string;
  readonly exitCode: number;
}

/** Errors made for people speak for themselves; anything else is a defect of ours and is told by its class. */
export const told = (error: unknown): Told => {
  if (error instanceof ConfigError) return { code: error.code, message: error.faults.join("\n"), exitCode: 3 };
  if (error instanceof RecordError) return { code: error.code, message: withPlace(error), exitCode: 3 };
  const { code, exitCode, detail } = error as { code?: unknown; exitCode?: unknown; detail?: { why?: unknown } };
  const why = typeof detail?.why === "string" ? `: ${detail.why}` : "";
  return {
    code: typeof code === "string" ? code : "BRIDGE_DEFECT",
    message: (error instanceof Error ? error.message : String(error)) + why,
    exitCode: typeof exitCode === "number" ? exitCode : 3,
  };
};

/** With the folder and what the system said about it. */
const withPlace = ({ message, detail: { dir, cause } }: RecordError): string =>
  message + (dir === undefined ? "" : `: ${dir}`) + (cause === undefined ? "" : ` (${cause})`);
