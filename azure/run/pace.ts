/** How often a run is asked after, and how long anything may take: one table, all in milliseconds. */

export interface Pace {
  readonly validationPollMs: number;
  readonly validationLimitMs: number;
  readonly followPollMs: number;
  /** From the start of a run to its first user, and from its last to DONE. */
  readonly provisioningMs: number;
  readonly marginMs: number;
  /** A run that was just started may not be there yet for who asks. */
  readonly appearsWithinMs: number;
  /** After a start whose answer was lost, "there is no such run" is believed after this long. */
  readonly settlesWithinMs: number;
  readonly resultsPollMs: number;
  readonly resultsPolls: number;
  /** After a run that was stopped or failed there may never be results. */
  readonly resultsPollsOfBroken: number;
  /** A call before the start of a run is repeated for this long when Azure cannot be reached or is busy. */
  readonly patienceMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** However long Azure asks to wait: a run that ends meanwhile should not be noticed an hour later. */
  readonly longestWishedPauseMs: number;
  /** While a run is followed, a refused login or role may be renewed or reach all of Azure. */
  readonly refusedForMs: number;
}

/**
 * The polls are Microsoft's own (GitHub Action): files every 5 s for 10 minutes, results 30 times every 10 s. The service
 * gives no bound for provisioning: it mostly takes 2 to 5 minutes, in a virtual network up to 20.
 */
export const PACE: Pace = {
  validationPollMs: 5_000,
  validationLimitMs: 10 * 60_000,
  followPollMs: 5_000,
  provisioningMs: 30 * 60_000,
  marginMs: 15 * 60_000,
  appearsWithinMs: 60_000,
  settlesWithinMs: 10_000,
  resultsPollMs: 10_000,
  resultsPolls: 30,
  resultsPollsOfBroken: 3,
  patienceMs: 5 * 60_000,
  firstPauseMs: 2_000,
  longestPauseMs: 30_000,
  longestWishedPauseMs: 3 * 60_000,
  refusedForMs: 10 * 60_000,
};

/** The longest run that Azure Load Testing allows. */
export const LONGEST_RUN_MS = 24 * 3_600_000;

/** How long a run is waited for, from its start. @param runTimeSeconds null: nobody knows */
export const waitLimitMs = (pace: Pace, runTimeSeconds: number | null): number =>
  pace.provisioningMs + (runTimeSeconds === null ? LONGEST_RUN_MS : runTimeSeconds * 1000) + pace.marginMs;
