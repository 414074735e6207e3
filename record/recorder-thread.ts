/** The recorder's thread: takes messages in, keeps the record, so that a slow disk delays nobody's calls. */
import { parentPort, workerData } from "node:worker_threads";
import { RecordError } from "./record-error.ts";
import { RecordKeeper } from "./record-keeper.ts";
import type { FromThread, ThreadStart, ToThread } from "./thread-messages.ts";

/**
 * Turns this thread into a recorder until it is told to stop. `startRecorder` starts the thread and gives it what it needs;
 * a program that is bundled into one file calls this when it finds itself not to be the main thread.
 */
export const runRecorderThread = (): void => {
  const port = parentPort;
  if (port === null) throw new RecordError("RECORD_THREAD");
  const start = workerData as ThreadStart;
  const send = (message: FromThread) => port.postMessage(message);
  const keeper = opened(start, send);
  if (keeper === null) return;
  const timer = setInterval(() => keeper.flush(), start.flushEveryMs);
  port.on("message", (message: ToThread) => {
    switch (message.op) {
      case "batch":
        send({ op: "taken", samples: keeper.take(message) });
        return;
      case "reconcile":
        keeper.reconcile(message.tally, message.cause);
        return;
      case "durations":
        send({ op: "durations", durations: keeper.durations() });
        return;
      case "live":
        send({ op: "live", live: keeper.figures() });
        return;
      case "stop":
        clearInterval(timer);
        keeper.stop(message.endReason, message.tally);
        send({ op: "stopped", totals: keeper.totals() });
        port.close();
    }
  });
  send({ op: "ready", totals: keeper.totals() });
};

const opened = (start: ThreadStart, send: (message: FromThread) => void): RecordKeeper | null => {
  try {
    return new RecordKeeper({ ...start, onWarning: (text) => send({ op: "warning", text }), now: Date.now });
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    send({ op: "refused", code: error.code, detail: error.detail });
    return null;
  }
};
