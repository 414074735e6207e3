/** `entra`: a token of Microsoft Entra for the server, its scope given or found through the server's own 401. */

import * as z from "zod";
import { azureCredentialSchema } from "../azure/credential-schema.ts";
import { discoveredScope } from "../azure/discovered-scope.ts";
import { type StrategyKind, strategySection } from "../strategy-kind.ts";
import type { Token } from "../token.ts";
import type { Surroundings } from "../world.ts";

const SCOPE_RULE = "must be a scope that ends in /.default";

const schema = strategySection("entra", "Sends a token of Microsoft Entra, made for the server.", {
  scope: z
    .string(SCOPE_RULE)
    .regex(/^[\x21-\x7e]{1,500}\/\.default$/, SCOPE_RULE)
    .optional()
    .meta({
      description: "What the token is for. Absent: what the server says in its 401 and its metadata (RFC 9728).",
      examples: ["499b84ac-1321-427f-aa17-267ca6975798/.default"],
    }),
  credential: azureCredentialSchema,
});

type EntraSettings = z.output<typeof schema>;

export const entra: StrategyKind<EntraSettings> = {
  schema,
  source: (settings, surroundings) => ({
    fetch: async () => fetchToken(settings, settings.scope ?? (await foundScope(settings, surroundings)), surroundings),
    limitMs: FETCH_LIMIT_MS,
    chosen: async () => (await surroundings.azure(surroundings)).chosen(settings.credential),
  }),
  // Whether there is a login is known only by trying, which takes a network.
  missing: () => null,
};

/** Longer than a token endpoint needs: `az`, `azd` and PowerShell have to start. */
const FETCH_LIMIT_MS = 30_000;

/**
 * Found once for a server, however many identities ask. A server that changes its mind in the middle of a run is not
 * followed to another scope.
 */
const found = new WeakMap<Surroundings["server"], Promise<string>>();

const foundScope = (settings: EntraSettings, surroundings: Surroundings): Promise<string> => {
  const { server } = surroundings;
  const known = found.get(server);
  if (known !== undefined) return known;
  const finding = find(settings, surroundings);
  found.set(server, finding);
  finding.catch(() => found.delete(server)); // whoever asks next finds out anew
  return finding;
};

const find = async ({ credential }: EntraSettings, surroundings: Surroundings): Promise<string> => {
  const scope = await discoveredScope(credential, surroundings);
  surroundings.report({ what: "note", text: `the server's scope was found: pin it with scope: ${scope}` });
  return scope;
};

const fetchToken = async ({ credential }: EntraSettings, scope: string, surroundings: Surroundings): Promise<Token> => {
  const azure = await surroundings.azure(surroundings);
  return azure.token(credential, scope);
};
