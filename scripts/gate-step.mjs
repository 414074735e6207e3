/** The verdict below a demo run: `swarmbridge gate` on the record that the run left. */
import { join } from "node:path";
import { start } from "./children.mjs";
import { print } from "./console.mjs";
import { NODE, ROOT } from "./project.mjs";
import { EXIT } from "./set-up-error.mjs";

/** PASSED, FAILED, INVALID: each is a verdict, and a demo run that got one has done its job. */
const VERDICTS = [0, 1, 2];

/**
 * @param {string} record folder of the run
 * @param {Record<string, string>} environment what the run had on top of ours
 * @returns {Promise<number>} 0, or the code of a gate that could not even be started
 */
export const showVerdict = async (record, environment) => {
  print();
  const gate = start(NODE, [join(ROOT, "dist", "swarmbridge.cjs"), "gate", record], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...environment },
  });
  const code = await new Promise((resolve) => {
    gate.once("error", () => resolve(EXIT.wrongSetUp));
    gate.once("close", (code) => resolve(code ?? EXIT.wrongSetUp));
  });
  return VERDICTS.includes(code) ? EXIT.fine : code;
};
