/** How long and how large: what no official client limits by itself. */
export interface Limits {
  /** One request, connect to last byte. */
  readonly requestMs: number;
  /** One call: its last request begins within this. */
  readonly callMs: number;
  /** An upload or a download of which no byte moves. */
  readonly stallMs: number;
  /** An upload or a download: its last attempt begins within this. */
  readonly transferMs: number;
  /** An answer's body, unpacked. */
  readonly answerBytes: number;
}

export const LIMITS: Limits = {
  requestMs: 30_000,
  callMs: 120_000,
  stallMs: 60_000,
  transferMs: 15 * 60_000,
  // A page of 50 runs with the statistics of some hundred names each.
  answerBytes: 10 * 1024 * 1024,
};
