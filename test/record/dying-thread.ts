import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { runRecorderThread } from "../../record/recorder-thread.ts";
import type { ThreadStart } from "../../record/thread-messages.ts";

/**
 * A recorder's thread that dies, once, when it is told a failure with the text `die`, or to stop because of `die`; it
 * leaves `died` behind.
 */

const { dir } = workerData as ThreadStart;
const mark = join(dir, "died");

parentPort?.on("message", (message: { failures?: { detail: string }[]; endReason?: string }) => {
  const isFatal = message.failures?.[0]?.detail === "die" || message.endReason === "die";
  if (!isFatal || existsSync(mark)) return;
  writeFileSync(mark, "");
  process.exit(7);
});
runRecorderThread();
