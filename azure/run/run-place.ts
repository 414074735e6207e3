/**
 * What this machine knows of a run at Azure: one small file in the folder of its record. It is written before the run is
 * started, so that a killed process or a restarted laptop finds the run again. Holds no token and no SAS address.
 */

export const RUN_PLACE_FILE = "azure.json";

export interface RunPlace {
  readonly version: 1;
  readonly testRunId: string;
  readonly testId: string;
  /** Resource id of the Azure Load Testing resource. */
  readonly resourceId: string;
  readonly dataPlaneHost: string;
  /** Audience of the data plane's tokens. */
  readonly audience: string;
  readonly engines: number;
  /** ISO 8601. */
  readonly submittedAt: string;
  readonly portalUrl: string | null;
  /** The last that was seen. */
  readonly state: string;
}
