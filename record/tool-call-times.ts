/** Service times of ok tool calls, of all servers and tools as one. */
import type { Recording } from "./recording.ts";
import type { RunFile } from "./run-file.ts";
import { Times } from "./times.ts";

const CALL = /^[^:]*:tools\/call(:|$)/;

export const toolCallTimes = ({ operations }: Pick<RunFile, "operations">, recording: Recording): Times => {
  const sum = new Times();
  for (const name of Object.keys(operations)) if (CALL.test(name)) sum.add(recording.times(name, "ok", "service"));
  return sum;
};
