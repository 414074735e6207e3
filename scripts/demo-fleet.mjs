/** The demo fleet as a child: started on free ports, ended by closing its standard input. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { signal, start } from "./children.mjs";
import { NODE, ROOT } from "./project.mjs";
import { SetUpError } from "./set-up-error.mjs";

const READY_LIMIT_MS = 20_000;
const END_LIMIT_MS = 3_000;

/** @typedef {{ urls: Record<string, string>, environment: Record<string, string>, end: () => Promise<void> }} DemoFleet */

/**
 * @returns {Promise<DemoFleet>} `environment` tells demo/loadtest.yaml the ports
 * @throws {SetUpError} when it does not get ready
 */
export const startDemoFleet = async () => {
  const child = start(NODE, ["demo/main.ts", "--json", "--port", "0", "--until-stdin-closes"], {
    cwd: ROOT,
    env: ownEnvironment(process.env),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    said = (said + text).slice(-4_000);
  });
  const urls = await firstLine(child);
  if (urls === null) {
    signal(child, "SIGKILL");
    throw new SetUpError("The demo fleet did not start.", { output: said });
  }
  return {
    urls,
    environment: { SWARMBRIDGE_CONFIG: "demo/loadtest.yaml", ...portVariables(urls) },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const limit = setTimeout(() => signal(child, "SIGKILL"), END_LIMIT_MS);
      child.stdin?.end();
      await once(child, "exit");
      clearTimeout(limit);
    },
  };
};

/**
 * What the fleet needs to run, and its own variables: the tokens of other servers are none of its business.
 * @param {NodeJS.ProcessEnv} environment @returns {NodeJS.ProcessEnv}
 */
export const ownEnvironment = (environment) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => NEEDED.test(name)));

const NEEDED = /^(PATH|HOME|LANG|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|DEMO_\w+)$/i;

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<Record<string, string> | null>} null when it ends, or says nothing for too long
 */
const firstLine = (child) =>
  new Promise((resolve) => {
    const limit = setTimeout(() => resolve(null), READY_LIMIT_MS);
    const settle = (/** @type {Record<string, string> | null} */ urls) => {
      clearTimeout(limit);
      resolve(urls);
    };
    child.once("exit", () => settle(null));
    child.once("error", () => settle(null));
    if (child.stdout) createInterface(child.stdout).once("line", (line) => settle(JSON.parse(line).servers));
  });

/** @param {Record<string, string>} urls @returns {Record<string, string>} */
export const portVariables = (urls) =>
  Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [
      `DEMO_${name.toUpperCase().replaceAll("-", "_")}_PORT`,
      new URL(url).port,
    ]),
  );
