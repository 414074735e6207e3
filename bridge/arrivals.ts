import type { Recorder } from "../record/recorder.ts";
import { arrivalName } from "../record/section.ts";
import type { ArrivalsMessage } from "./link/messages.ts";
import { plain } from "./statistics-name.ts";

/**
 * Planned starts, as Python reports them a few times a second: each one is a sample of the section `arrivals`, with its
 * lateness as the time. Those that nobody took have no time: they never began.
 */
export const recordArrivals = (recorder: Pick<Recorder, "operation"> | null, message: ArrivalsMessage): void => {
  // Between two runs: nobody's.
  if (recorder === null) return;
  const name = arrivalName(message.server, plain(message.what));
  const endMs = performance.now();
  for (const lateMs of message.lateMs) {
    recorder.operation({ name, outcome: "ok", endMs, serviceMs: lateMs, responseMs: lateMs, bytesIn: 0, bytesOut: 0 });
  }
  for (let dropped = 0; dropped < message.dropped; dropped += 1) {
    recorder.operation({ name, outcome: "dropped", endMs, bytesIn: 0, bytesOut: 0 });
  }
};
