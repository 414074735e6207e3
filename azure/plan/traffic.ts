/** What a local run measured of the traffic: the only ground for an estimate of the data that a run moves. */

import type { RunFile } from "../../record/run-file.ts";

export interface Traffic {
  /** Id of the run that it was measured in. */
  readonly run: string;
  /** Bytes in bodies, for each user and second of that run. */
  readonly receivedPerUserSecond: number;
  readonly sentPerUserSecond: number;
}

/** Below this a run is mostly its beginning: handshakes and lists of tools. */
const SHORTEST_SECONDS = 20;

/** @returns null when the record is too short, or nobody ran in it */
export const trafficOf = (file: RunFile): Traffic | null => {
  const { usersPeak, seconds } = file.generator;
  if (usersPeak < 1 || seconds < SHORTEST_SECONDS) return null;
  const operations = Object.values(file.operations);
  const perUserSecond = (bytes: readonly number[]): number =>
    bytes.reduce((sum, each) => sum + each, 0) / (usersPeak * seconds);
  return {
    run: file.id,
    receivedPerUserSecond: perUserSecond(operations.map(({ bytesIn }) => bytesIn)),
    sentPerUserSecond: perUserSecond(operations.map(({ bytesOut }) => bytesOut)),
  };
};
