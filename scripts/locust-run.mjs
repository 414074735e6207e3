/** One run of Locust as a child, with its progress shown, ended cleanly by the first Ctrl-C and at once by the second. */
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { signal, start } from "./children.mjs";
import { hasLiveLine, print, seconds } from "./console.mjs";
import { onInterrupt, wasInterrupted } from "./interrupt.mjs";
import { ROOT } from "./project.mjs";
import { watchRun } from "./run-progress.mjs";
import { newest } from "./set-up.mjs";
import { EXIT } from "./set-up-error.mjs";

/** How often the run is looked at: the record is written once a second. */
const LOOK_MS = 500;
/** How often a line says where the run is when there is no terminal. */
const SAY_MS = 10_000;

/** Where the records of runs that are started here lie. */
export const RESULTS = resolve(ROOT, process.env.SWARMBRIDGE_RESULTS || "results");

/**
 * @param {import("./locust-arguments.mjs").LocustArguments} locust
 * @param {Record<string, string>} environment what it gets on top of ours
 * @returns {Promise<number>} the command's exit code
 */
export const runLocust = async (locust, environment) => {
  const look = watchRun(RESULTS);
  // On a terminal Locust's process shows the run itself (locustfiles/live_console.py); elsewhere a line of ours now and then does.
  const isShownByLocust = !locust.wantsWeb && hasLiveLine;
  const child = start(newest.python, ["-m", "locust", ...locust.arguments], {
    cwd: ROOT,
    stdio: locust.wantsWeb || isShownByLocust ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...environment,
      ...(locust.wantsWeb ? {} : { SWARMBRIDGE_QUIET: "1", PYTHONUNBUFFERED: "1" }),
      ...(isShownByLocust ? { SWARMBRIDGE_CONSOLE: process.env.SWARMBRIDGE_CONSOLE ?? "live" } : {}),
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface(stream).on("line", print);
  }
  if (locust.webUrl !== null) print(`  Locust's web UI: ${locust.webUrl}   Ctrl-C ends it\n`);
  onInterrupt(() => endLocust(child));
  const hide = locust.wantsWeb || isShownByLocust ? () => {} : sayProgress(look);
  const code = await new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("close", (code) => resolve(code ?? 128));
  });
  hide();
  onInterrupt(null);
  return exitCodeOf(code, look() !== null);
};

/** @param {import("node:child_process").ChildProcess} child */
const endLocust = (child) => {
  print("  ending the run, Ctrl-C again ends it at once");
  signal(child, "SIGINT");
};

/**
 * @param {() => import("./run-progress.mjs").Progress | null} look
 * @returns {() => void} ends it
 */
const sayProgress = (look) => {
  const startedMs = performance.now();
  let saidMs = startedMs;
  let seen = look();
  const text = () => {
    const elapsed = seconds(performance.now() - startedMs);
    if (seen === null) return `  ${elapsed}  starting`;
    return `  ${elapsed}  ${seen.users} users  ${seen.calls} calls  ${seen.failures} failures`;
  };
  const looking = setInterval(() => {
    seen = look() ?? seen;
    if (performance.now() - saidMs < SAY_MS) return;
    saidMs = performance.now();
    print(text());
  }, LOOK_MS);
  return () => clearInterval(looking);
};

/**
 * Locust says 1 and 2 for what went wrong before a run began (an import that fails, an unknown option); those codes are
 * verdicts here.
 * @param {number} code @param {boolean} hasBegun
 */
const exitCodeOf = (code, hasBegun) => {
  if (wasInterrupted()) return EXIT.interrupted;
  return code === EXIT.fine || code === EXIT.unreachable || hasBegun ? code : EXIT.wrongSetUp;
};
