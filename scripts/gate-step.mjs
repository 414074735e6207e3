/** The verdict below a demo run: `swarmbridge gate` on the record that the run left. */
import { join } from "node:path";
import { start } from "./children.mjs";
import { print } from "./console.mjs";
import { NODE, ROOT } from "./project.mjs";
import { EXIT } from "./set-up-error.mjs";

/** PASSED, FAILED, INVALID: each is a verdict, and a demo run that got one has done its job. */
const VERDICTS = [0, 1, 2];

const PROGRAM = join(ROOT, "dist", "swarmbridge.cjs");

/**
 * Also a run that Locust ended with a code of its own has a verdict to show, above all one that `autoStop` ended.
 * @param {number} runCode with which the run ended
 * @param {string | null} record folder of the run; null when it left none
 * @param {Record<string, string>} environment what the run had on top of ours
 * @param {string} [program] the command, as a file for Node
 * @returns {Promise<number>} the run's code; of a run that was fine 0, or the code of a gate that could not judge at all
 */
export const showVerdict = async (runCode, record, environment, program = PROGRAM) => {
  if (record === null) return runCode;
  print();
  const gate = start(NODE, [program, "gate", record], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...environment },
  });
  const code = await new Promise((resolve) => {
    gate.once("error", () => resolve(EXIT.wrongSetUp));
    gate.once("close", (code) => resolve(code ?? EXIT.wrongSetUp));
  });
  return runCode !== EXIT.fine || VERDICTS.includes(code) ? runCode : code;
};
