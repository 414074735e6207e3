/**
 * `command`: a program of the user's prints the token. The way out for everything that has no strategy of its own. It
 * gets the variables it needs to run and those that are named, not the rest of the environment.
 */

import { basename, delimiter, join } from "node:path";
import * as z from "zod";
import { duration } from "../../config/quantity-schema.ts";
import { isSecretName, looksLikeToken } from "../../config/secret-shape.ts";
import { variableName } from "../../config/variable-name.ts";
import { readProgramOutput } from "../program-output.ts";
import { type StrategyKind, strategySection } from "../strategy-kind.ts";
import type { Surroundings } from "../world.ts";

const RUN_RULE = "must be a list, the program and its arguments: [az, account, get-access-token] (no shell reads it)";
const NAMES_RULE = "must be a list of names of environment variables";
const LONGEST_RUN_MS = 5 * 60_000;

const text = (rule: string) => z.string(rule).max(4096, "must be at most 4096 characters long");

const schema = strategySection("command", "Runs a program of yours and sends what it prints as bearer token.", {
  run: z
    .tuple([text(RUN_RULE).min(1, RUN_RULE)], text(RUN_RULE), RUN_RULE)
    .refine((run) => run.length <= 100, "must be at most 100 words")
    .meta({
      description: "The program and its arguments, without a shell. Relative to loadtest.yaml when it has a / in it.",
      examples: [["az", "account", "get-access-token", "--resource", "api://mcp"]],
    }),
  format: z
    .enum(["auto", "text", "json"], "must be auto, text or json")
    .default("auto")
    .describe("text: all of the output is the token. json: an object with token or access_token. auto: json if it is."),
  lives: duration("168h")
    .optional()
    .meta({ description: "How long a token lives when the output does not say.", examples: ["30m", "12h"] }),
  timeout: duration()
    .refine((ms) => ms <= LONGEST_RUN_MS, "must be at most 5m")
    .prefault("30s")
    .meta({ description: "How long the program may take.", examples: ["30s"] }),
  env: z
    .array(variableName(NAMES_RULE), NAMES_RULE)
    .max(100, "must be at most 100 names")
    .default([])
    .meta({
      description: "Environment variables that the program gets besides PATH, HOME and the like. No others.",
      examples: [["AZURE_CONFIG_DIR"]],
    }),
});

/** What programs need to run at all, to find their settings, and to write to the right place. None is a secret. */
const ALWAYS_PASSED = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TMP", "TEMP"],
  ...["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ...["SystemRoot", "ComSpec", "PATHEXT", "USERNAME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramData"],
];

export const command: StrategyKind<z.output<typeof schema>> = {
  schema,
  source: ({ run, format, lives, timeout, env }, surroundings) => {
    const closing = new AbortController();
    return {
      // The program's own limit comes first and says more.
      limitMs: timeout + 2000,
      fetch: async () => {
        const output = await surroundings.run({
          command: run,
          env: environmentFor(env, surroundings),
          cwd: surroundings.folder,
          limitMs: timeout,
          signal: closing.signal,
        });
        const rules = { format, livesMs: lives ?? null, program: basename(run[0]), nowMs: surroundings.now() };
        return readProgramOutput(output, rules);
      },
      close: () => closing.abort(),
    };
  },
  missing: ({ run: [program] }, surroundings) => (isThere(program, surroundings) ? null : program),
};

const environmentFor = (named: readonly string[], { lookup, learn }: Surroundings): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const name of [...ALWAYS_PASSED, ...named]) {
    const value = lookup(name);
    if (value === undefined) continue;
    if (named.includes(name) && (isSecretName(name) || looksLikeToken(value))) learn(value);
    env[name] = value;
  }
  return env;
};

type Readable = Pick<Surroundings, "lookup" | "readFile">;

/** Looks where the system will look: at the path itself, or for a bare name in each folder of PATH. */
const isThere = (program: string, surroundings: Readable): boolean => {
  if (/[/\\]/.test(program)) return isFile(program, surroundings);
  const endings = ["", ...(surroundings.lookup("PATHEXT")?.split(";") ?? [])];
  const folders = (surroundings.lookup("PATH") ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.some((folder) => endings.some((ending) => isFile(join(folder, program + ending), surroundings)));
};

const NOT_THERE = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

const isFile = (path: string, { readFile }: Readable): boolean => {
  try {
    readFile(path);
    return true;
  } catch (error) {
    // A program is larger than a token's file, and may be run without being readable: both are refusals to read it.
    return !(error instanceof Error && "code" in error && NOT_THERE.has(String(error.code)));
  }
};
