import type { Recorder } from "../record/recorder.ts";
import { turnName } from "../record/section.ts";
import type { TurnMessage } from "./link/messages.ts";
import { plain } from "./statistics-name.ts";

/**
 * A turn that has ended, as Python says it: which calls belong to it is the test's choice. Its times are stamps that this
 * bridge took of these calls; of one that began under a lost bridge they are carried over by Python's clock.
 */
export const recordTurn = (recorder: Pick<Recorder, "operation"> | null, message: TurnMessage): void => {
  const { server, turn, at, from, to, reason } = message;
  recorder?.operation({
    name: turnName(server, plain(turn)),
    outcome: reason ?? "ok",
    endMs: to,
    serviceMs: Math.max(0, to - from),
    responseMs: Math.max(0, to - at),
    bytesIn: 0,
    bytesOut: 0,
  });
};
