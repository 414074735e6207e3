/** One row of the table of strategies: all that a way to a credential has to say of itself. */

import * as z from "zod";
import { section } from "../config/section.ts";
import type { AuthSettings } from "../config/settings.ts";
import { identitiesSchema } from "./identity/identities-schema.ts";
import type { TokenSource } from "./token.ts";
import type { Surroundings } from "./world.ts";

/** `Own` is what its schema makes of the `auth` key. */
export interface StrategyKind<Own extends AuthSettings = AuthSettings> {
  readonly schema: z.ZodType<Own>;
  /** Makes the source of one identity's token. Reads nothing yet. */
  source(settings: Own, surroundings: Surroundings): TokenSource;
  /**
   * Name of the variable or file that a server cannot be tested without and that is not there, else null. Quick, without
   * network: it decides before the run whether the server takes part.
   */
  missing(settings: Own, surroundings: Pick<Surroundings, "lookup" | "readFile">): string | null;
  /** For `identities: { prefix }`: the settings of each identity that it finds. Absent: it has no such list. */
  list?(settings: Own, prefix: string, surroundings: Surroundings): Promise<readonly Own[]>;
}

/** The keys of a strategy, with those that all of them have. @param name of the strategy */
export const strategySection = <Name extends string, Shape extends z.core.$ZodLooseShape>(
  name: Name,
  description: string,
  shape: Shape,
) =>
  section({
    strategy: z.literal(name).describe(description),
    ...shape,
    identities: identitiesSchema,
    allowPlainHttp: z
      .boolean("must be true or false")
      .default(false)
      .describe("true: the credential may go over plain http to a server that is not on this machine."),
  });
