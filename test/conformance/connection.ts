/**
 * How the conformance client reaches the bridge: the operations of one user, whatever carries them. Swapping what
 * implements it is all it takes to test another way through the bridge.
 */
export interface Ended {
  /** Null when it went well. */
  readonly reason: string | null;
  readonly detail: string;
  readonly result: unknown;
}

export interface Connection {
  open(): Promise<Ended>;
  call(method: string, params: Readonly<Record<string, unknown>>): Promise<Ended>;
  close(): Promise<Ended>;
}
