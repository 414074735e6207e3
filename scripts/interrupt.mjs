/**
 * Ctrl-C, SIGTERM and a closed terminal. The first one asks for a clean end, one after that ends at once.
 * npm passes on the SIGINT that the terminal has sent us already, so two within a moment are one.
 */
import { endChildren } from "./children.mjs";
import { EXIT } from "./set-up-error.mjs";

const SAME_MS = 500;

/** What a first interrupt does instead of ending the command. @type {((signal: NodeJS.Signals) => void) | null} */
let cleanEnd = null;
let interruptedAtMs = Number.NEGATIVE_INFINITY;

export const wasInterrupted = () => interruptedAtMs > 0;

/** @param {((signal: NodeJS.Signals) => void) | null} end asked once, null takes it back */
export const onInterrupt = (end) => {
  cleanEnd = end;
};

/** Installs the handlers of the command. */
export const watchInterrupts = () => {
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(name, () => {
      const nowMs = performance.now();
      if (nowMs - interruptedAtMs < SAME_MS) return;
      interruptedAtMs = nowMs;
      if (cleanEnd === null) {
        void endChildren().then(() => process.exit(EXIT.interrupted));
        return;
      }
      const end = cleanEnd;
      cleanEnd = null;
      end(name);
    });
  }
};
