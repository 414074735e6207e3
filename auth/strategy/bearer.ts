/**
 * `bearer`: a token that the user has, in a variable or a file. A file is read again after a 401, and before the token in
 * it ends when that is a JWT, because whoever rotates a token there (Kubernetes, a sidecar) does so while the run goes on.
 */

import * as z from "zod";
import { variableName } from "../../config/variable-name.ts";
import { AuthError } from "../auth-error.ts";
import { headerToken } from "../header-token.ts";
import { guessedLifeMs } from "../jwt-life.ts";
import { type StrategyKind, strategySection } from "../strategy-kind.ts";
import type { Surroundings } from "../world.ts";

const NAME_RULE = "must be the name of an environment variable: letters, digits and _, not the secret itself";

const schema = strategySection("bearer", "Sends `Authorization: Bearer` with a token that you have.", {
  env: variableName(NAME_RULE)
    .optional()
    .meta({
      description: "The environment variable (or line of .env) that holds the token.",
      examples: ["GITHUB_MCP_TOKEN"],
    }),
  file: z
    .string("must be the path of a file")
    .min(1, "must be the path of a file")
    .optional()
    .meta({
      description: "A file that holds the token, instead of `env`. Relative to loadtest.yaml. Read again after a 401.",
      examples: ["/run/secrets/mcp-token"],
    }),
  optional: z
    .boolean("must be true or false")
    .default(false)
    .describe("true: without the token the server is tested all the same, without a credential."),
})
  .refine(
    ({ env, file, identities }) =>
      identities !== undefined ? env === undefined || file === undefined : (env === undefined) !== (file === undefined),
    { error: "needs exactly one of env and file" },
  )
  .refine(({ env, file, identities }) => identities?.env === undefined || (env ?? file) === undefined, {
    path: ["identities", "env"],
    error: "says where the tokens are, so neither env nor file goes with it",
  });

type BearerSettings = z.output<typeof schema>;
type Readable = Pick<Surroundings, "lookup" | "readFile">;

export const bearer: StrategyKind<BearerSettings> = {
  schema,
  source: (settings, surroundings) => ({
    fetch: async () => {
      const value = readToken(settings, surroundings);
      if (value === null && !settings.optional) throw new AuthError("AUTH_MISSING", { place: placeOf(settings) });
      if (value === null) return null;
      // Whoever rotates a file does so before the token in it ends. A variable never changes.
      const livesMs = settings.env === undefined ? guessedLifeMs(value, surroundings.now()) : null;
      return { value, livesMs, isGuess: true };
    },
  }),
  missing: (settings, surroundings) => {
    if (settings.optional) return null;
    try {
      return readToken(settings, surroundings) === null ? placeOf(settings) : null;
    } catch (error) {
      if (error instanceof AuthError && error.code === "AUTH_UNREADABLE") return placeOf(settings);
      // There, and broken: that is told as what it is when the server is used, not as "missing".
      if (error instanceof AuthError) return null;
      throw error;
    }
  },
};

const placeOf = ({ env, file }: BearerSettings): string => env ?? file ?? "";

/** @returns the token, or null when it is not there or empty */
const readToken = (settings: BearerSettings, surroundings: Readable): string | null => {
  const text = settings.env === undefined ? readFile(settings, surroundings) : surroundings.lookup(settings.env);
  return headerToken(text ?? "", placeOf(settings));
};

const readFile = (settings: BearerSettings, { readFile }: Readable): string | null => {
  const path = placeOf(settings);
  try {
    return readFile(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new AuthError("AUTH_UNREADABLE", { place: path }, { cause });
  }
};
