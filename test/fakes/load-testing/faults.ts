/** What can be made to go wrong at the fake service. All may be changed while it runs; a count goes down with each use. */

/** On the wire of one of the three hosts. */
export interface WireFaults {
  /** Only requests whose `METHOD /path` contains this meet a fault; null: all do. */
  only: string | null;
  /** So many requests are answered with 429 and Retry-After. */
  throttled: number;
  retryAfterSeconds: number;
  /** So many with 503. */
  unavailable: number;
  /** So many with a proxy's error page: 502 in HTML. */
  html: number;
  /** So many with 200 and half a JSON document. */
  brokenJson: number;
  /** So many are never answered. */
  hanging: number;
  /** So many connections are cut instead of an answer; the request has been carried out. */
  cutAfterwards: number;
  /** So many are carried out, and answered with half a JSON document nevertheless. */
  brokenJsonAfterwards: number;
  /** So many are carried out, and answered with 403 nevertheless. */
  forbiddenAfterwards: number;
  /** The next upload's connection is cut after so many bytes of its body; null: none is. */
  cutUploadAfterBytes: number | null;
  /** Every request is refused with 403: the login lacks a role. */
  forbidden: boolean;
  /** Each answer waits so long. */
  delayMs: number;
}

export interface ServiceFaults {
  readonly management: WireFaults;
  readonly dataPlane: WireFaults;
  readonly blob: WireFaults;
  /** The next test script fails its validation with these words. */
  validationFailure: string | null;
  /** The next run ends as FAILED once it would reach this state. */
  runFailure: { readonly state: string; readonly code: string; readonly message: string } | null;
  /** The next run ends in VALIDATION_FAILURE with these words. */
  runValidationFailure: string | null;
  /** Somebody stops the next run in the portal so long after its start. */
  stoppedInPortalAfterMs: number | null;
  /** No run goes beyond this state while it is set: a test that must see a state need not hurry. Stopping goes on. */
  heldAt: string | null;
  /** So many requests for metrics are answered with 404: the pipeline of metrics lags. */
  metricsMissing: number;
  /** So many reads of an ended run are without statistics, users and artifacts. */
  statisticsLagReads: number;
  /** So many reads of an ended run hand out links whose time is already over. */
  expiredLinks: number;
  /** An ended run never gets artifacts. */
  noArtifacts: boolean;
}

const calmWire = (): WireFaults => ({
  only: null,
  throttled: 0,
  retryAfterSeconds: 1,
  unavailable: 0,
  html: 0,
  brokenJson: 0,
  hanging: 0,
  cutAfterwards: 0,
  brokenJsonAfterwards: 0,
  forbiddenAfterwards: 0,
  cutUploadAfterBytes: null,
  forbidden: false,
  delayMs: 0,
});

export const noFaults = (): ServiceFaults => ({
  management: calmWire(),
  dataPlane: calmWire(),
  blob: calmWire(),
  validationFailure: null,
  runFailure: null,
  runValidationFailure: null,
  stoppedInPortalAfterMs: null,
  heldAt: null,
  metricsMissing: 0,
  statisticsLagReads: 2,
  expiredLinks: 0,
  noArtifacts: false,
});

/** A part of `ServiceFaults`, as JSON brings it. */
export type FaultsChange = { readonly [Key in keyof ServiceFaults]?: Partial<ServiceFaults[Key]> | null };

export const changeFaults = (faults: ServiceFaults, change: FaultsChange): void => {
  for (const [key, value] of Object.entries(change)) {
    const present = faults[key as keyof ServiceFaults];
    if (key === "management" || key === "dataPlane" || key === "blob") Object.assign(present as WireFaults, value);
    else Object.assign(faults, { [key]: value });
  }
};
