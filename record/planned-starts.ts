/** Servers whose users begin at planned moments, and which of a name's times is the one that they wait for. */
import type { RunFile } from "./run-file.ts";
import { sectionOf } from "./section.ts";
import { serverOf } from "./server-part.ts";

export const plannedServers = ({ arrivals }: Pick<RunFile, "arrivals">): ReadonlySet<string> =>
  new Set(Object.keys(arrivals).map(serverOf));

/**
 * The one that Locust gets. Under an arrival rate the queue before an operation is what somebody waits for as well: the
 * service time would leave it out (coordinated omission). A server that has users of both kinds is judged by the larger
 * of the two times. What auth did is planned by nobody.
 */
export const awaitedKind = (name: string, planned: ReadonlySet<string>): "service" | "response" =>
  planned.has(serverOf(name)) && sectionOf(name) !== "auth" ? "response" : "service";

/** Planned starts that found no free user, of all classes together. */
export const droppedStarts = ({ arrivals }: Pick<RunFile, "arrivals">): number =>
  Object.values(arrivals).reduce((sum, { outcomes }) => sum + (outcomes.dropped?.count ?? 0), 0);
