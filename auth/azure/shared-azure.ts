import type { Lookup } from "../../config/environment.ts";
import type { World } from "../world.ts";
import type { Azure } from "./azure.ts";

const known = new WeakMap<Lookup, Promise<Azure>>();

/**
 * Azure's clients, loaded when somebody needs them: a run without Azure pays nothing for them. Whoever has the same
 * variables shares them, so that all servers of a run have one credential and one challenge a vault; the first asker
 * is the one who learns the secrets.
 */
export const sharedAzure: World["azure"] = (asker) => {
  const made =
    known.get(asker.lookup) ?? import("./azure-clients.ts").then(({ AzureClients }) => new AzureClients(asker));
  known.set(asker.lookup, made);
  return made;
};
