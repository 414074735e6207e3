/**
 * Ctrl-C, SIGTERM, a closed terminal, and the end of npm. The first one asks for a clean end, one after that ends at
 * once. npm passes on the SIGINT that the terminal has sent us already, so two within a moment are one.
 */
import { endChildren } from "./children.mjs";
import { EXIT } from "./set-up-error.mjs";

const SAME_MS = 500;
const LOOK_FOR_PARENT_MS = 500;

/** What a first interrupt does instead of ending the command. @type {(() => void) | null} */
let cleanEnd = null;
let interruptedAtMs = Number.NEGATIVE_INFINITY;

export const wasInterrupted = () => interruptedAtMs > 0;

/** @param {(() => void) | null} end called at most once, null takes it back */
export const onInterrupt = (end) => {
  cleanEnd = end;
};

/** Installs the handlers of the command. */
export const watchInterrupts = () => {
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(name, interrupt);
  if (process.env.npm_lifecycle_event !== undefined) watchParent();
};

const interrupt = () => {
  const nowMs = performance.now();
  if (nowMs - interruptedAtMs < SAME_MS) return;
  interruptedAtMs = nowMs;
  if (cleanEnd === null) {
    void endChildren().then(() => process.exit(EXIT.interrupted));
    return;
  }
  const end = cleanEnd;
  cleanEnd = null;
  end();
};

/** npm runs us in a shell, which takes a SIGTERM sent to npm for itself and leaves us behind. */
const watchParent = () => {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    interrupt();
  }, LOOK_FOR_PARENT_MS);
  looking.unref();
};
