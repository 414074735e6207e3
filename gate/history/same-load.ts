/** Which runs stand in one row: the same test with the same load, against servers as far away. */
import { ownValue } from "../../record/own-value.ts";
import type { RunFile } from "../../record/run-file.ts";

/** Of the plan: what another value of makes another test. */
const LOAD = ["locustfile", "users", "shape", "shapeStages", "arrivals", "engines"] as const;

type Planned = Pick<RunFile, "plan"> & {
  readonly servers: Readonly<Record<string, { readonly targetClass?: unknown }>>;
};

/**
 * Equal for runs of one row. All servers count, not only the one that is looked at: they share the users. A loopback server
 * has no network latency, so its runs are no row with those of a remote one.
 */
export const loadKey = ({ plan, servers }: Planned): string =>
  JSON.stringify([
    LOAD.map((key) => plan[key] ?? null),
    Object.keys(servers)
      .sort()
      .map((name) => [name, ownValue(servers, name)?.targetClass ?? null]),
  ]);
