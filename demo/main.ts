/**
 * `npm run demo`: starts the fleet, says what runs where, and ends on SIGINT, SIGTERM or, if asked to, with its standard
 * input. Exit codes: 0 ended as asked, 3 wrong options or a port that is taken.
 */

import { delayReport } from "./delay-report.ts";
import { type Fleet, PortTakenError, startFleet } from "./fleet.ts";
import { OptionError, type Options, readOptions, USAGE } from "./options.ts";
import { SERVER_NAMES, type ServerName } from "./server-name.ts";

const WRONG_INPUT = 3;

const ABOUT: Readonly<Record<ServerName, string>> = {
  learn: "no credential, sessions, SSE answers",
  context7: "optional bearer, no sessions, slow",
  "azure-devops": "bearer, no sessions, steady",
  github: "bearer, sessions, JSON answers",
};

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  const sentence = explain(error);
  if (sentence === null) throw error;
  console.error(sentence);
  process.exitCode = WRONG_INPUT;
}

async function run(options: Options): Promise<void> {
  if (options.wants === "help") return console.log(USAGE);
  if (options.wants === "delays") return console.log(delayReport(options.seed));
  const fleet = await startFleet(options);
  console.log(options.isJson ? JSON.stringify({ servers: fleet.urls }) : welcome(fleet, options));
  await endOf(options);
  await fleet.close();
}

function endOf({ untilStdinCloses }: Options): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
    if (untilStdinCloses) {
      // A pipe whose other end died may only close; a file or /dev/null only ends.
      process.stdin.once("end", () => resolve());
      process.stdin.once("close", () => resolve());
      process.stdin.resume();
    }
  });
}

function welcome({ urls }: Fleet, { port, speed }: Options): string {
  const pace =
    speed === 0 ? "without delays" : speed === 1 ? "at the pace of the hosted ones" : `at ${speed} times their pace`;
  const variables =
    port === 4100 ? "" : `${SERVER_NAMES.map((name) => portVariable(name, urls[name])).join(" ")} \\\n    `;
  return [
    `Four MCP servers are running on this machine, ${pace}:`,
    "",
    ...SERVER_NAMES.map((name) => `  ${name.padEnd(14)}${urls[name].padEnd(32)}${ABOUT[name]}`),
    "",
    "Load them from another terminal:",
    "",
    `  ${variables}SWARMBRIDGE_CONFIG=demo/loadtest.yaml locust -f multi.py`,
    "",
    "What a server received: GET /__counts on its port. Ctrl-C ends them.",
  ].join("\n");
}

/** The variable through which demo/loadtest.yaml learns a port other than its own. */
function portVariable(name: ServerName, url: string): string {
  return `DEMO_${name.toUpperCase().replace("-", "_")}_PORT=${new URL(url).port}`;
}

function explain(error: unknown): string | null {
  if (error instanceof OptionError) return `${error.message} (--help lists the options).`;
  if (error instanceof PortTakenError) {
    return `Port ${error.port} is taken: end the program that has it, or choose other ports with --port (0 takes free ones).`;
  }
  return null;
}
