import { CommandError } from "../command-error.ts";
import type { ToolCall } from "./one-probe.ts";

interface Typed {
  readonly tool?: string;
  readonly args?: string;
  readonly mayWrite?: boolean;
}

/**
 * The call that was typed, as `--tool` and `--args`.
 * @throws {CommandError} for arguments that are no JSON object
 */
export const toolCallOf = ({ tool, args, mayWrite = false }: Typed): ToolCall | null => {
  if (tool === undefined) {
    if (args === undefined && !mayWrite) return null;
    throw new CommandError("--args and --may-write belong to a tool: name it with --tool");
  }
  return { tool, args: args === undefined ? {} : objectOf(args), mayWrite };
};

const objectOf = (text: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null; // Said below, as for JSON that is no object.
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CommandError(`--args is no JSON object: write it as '{"query": "http"}'`);
};
