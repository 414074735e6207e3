/**
 * `perf-baseline.json`: the figures of the runs that later ones are held against, small enough to stand in a repository and to
 * be read in a diff.
 */
import * as z from "zod";
import { type RunFigures, runFiguresSchema } from "./run-figures.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
const BASELINE_SCHEMA = 1;
export const BASELINE_FILE = "perf-baseline.json";

const baselineSchema = z.object({
  schema: z.literal(BASELINE_SCHEMA),
  kind: z.literal("swarmbridge-baseline"),
  savedAt: z.iso.datetime(),
  runs: z.array(runFiguresSchema).min(1),
});
export type StoredBaseline = Readonly<Pick<z.infer<typeof baselineSchema>, "savedAt" | "runs">>;

/** One name a line: a change of one is a change of one line. */
export const baselineJson = (runs: readonly RunFigures[], savedAt: string): string => {
  const text = runs.map((run) => {
    const { names, ...head } = run;
    const lines = Object.entries(names).map(
      ([name, figures]) => `    ${JSON.stringify(name)}: ${JSON.stringify(figures)}`,
    );
    const fields = Object.entries(head).map(([key, value]) => `   ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
    return `  {\n${fields.join("\n")}\n   "names": {\n${lines.join(",\n")}\n   }\n  }`;
  });
  const head = { schema: BASELINE_SCHEMA, kind: "swarmbridge-baseline", savedAt };
  const fields = Object.entries(head).map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  return `{\n${fields.join("\n")}\n "runs": [\n${text.join(",\n")}\n ]\n}\n`;
};

/** @returns null for what is no such file */
export const parseBaseline = (text: string): StoredBaseline | null => {
  try {
    return baselineSchema.safeParse(JSON.parse(text, ownKey)).data ?? null;
  } catch {
    return null; // Not JSON, or with a key that is none.
  }
};

/** No record has it for a name, and a schema leaves it out without a word. */
const ownKey = (key: string, value: unknown): unknown => {
  if (key === "__proto__") throw new RangeError("a key that is none");
  return value;
};
