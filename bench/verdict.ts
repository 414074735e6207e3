/** What the bench says at its end: the main figure, and whether its numbers may be believed. */
import { CONTENDERS } from "./contenders.ts";
import type { Row } from "./summary.ts";
import { labelOf } from "./workload.ts";

/** Locust with the bridge against FastHttpUser, 50 users, JSON, session era, one core. */
export const GOAL = 1.9;
/** Above this the null server may have been what limited a contender. */
const BUSY_SERVER_CORES = 0.8;
const MANY_USERS = 50;
const FULL_CORE = 0.85;

/** One sentence; null when the run did not include what the figure is made of. */
export const mainFigure = (rows: readonly Row[]): string | null => {
  const isMain = ({ workload: { users, answer, era } }: Row) => users === 50 && answer === "json" && era === "session";
  const ours = rows.find((row) => isMain(row) && row.contender === "locust");
  const peer = rows.find((row) => isMain(row) && row.contender === "by-hand");
  if (!ours?.toByHand || peer === undefined) return null;
  const ratio = ours.toByHand.median;
  const standing = ratio >= GOAL ? "reached" : "missed";
  const byCpu = cpuOf(peer) / cpuOf(ours);
  return `Locust + bridge makes ${ratio.toFixed(2)} times the calls of FastHttpUser by hand on one core (${labelOf(ours.workload)}; goal ${GOAL}: ${standing}), and ${byCpu.toFixed(2)} times as many for the same CPU time.`;
};

/** One sentence for each thing that makes a row doubtful. */
export const doubtsAbout = (rows: readonly Row[]): string[] =>
  rows.flatMap((row) => DOUBTS.filter(({ holds }) => holds(row)).map(({ says }) => `${titleOf(row)}: ${says(row)}`));

interface Doubt {
  readonly holds: (row: Row) => boolean;
  readonly says: (row: Row) => string;
}

const DOUBTS: readonly Doubt[] = [
  { holds: ({ failures }) => failures > 0, says: ({ failures }) => `${failures} calls failed` },
  {
    holds: ({ serverCores }) => serverCores > BUSY_SERVER_CORES,
    says: ({ serverCores }) => `the null server used ${percent(serverCores)} of its core and may have been the limit`,
  },
  {
    // A single user waits for its answers; many keep a core busy, unless somebody else has it. The bridge alone has its
    // core to itself and waits for what drives it.
    holds: ({ contender, generatorCores, workload }) =>
      contender !== "link" && workload.users >= MANY_USERS && generatorCores < FULL_CORE,
    says: ({ generatorCores }) =>
      `it got ${percent(generatorCores)} of its core, the machine was busy with other things`,
  },
];

const titleOf = ({ contender, workload }: Row): string => `${CONTENDERS[contender].title} at ${labelOf(workload)}`;

const cpuOf = ({ cpuUs }: Row): number => Object.values(cpuUs).reduce((sum, us) => sum + us, 0);

/** The proof that it was not the server: how busy it was where it was busiest. */
export const serverShare = (rows: readonly Row[]): string => {
  const busiest = Math.max(0, ...rows.map(({ serverCores }) => serverCores));
  return `The null server used at most ${percent(busiest)} of its core.`;
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;
