/** The frame of every command: interrupts watched, errors told in a sentence, no process left behind. */
import { endChildren } from "./children.mjs";
import { dim, print, red } from "./console.mjs";
import { watchInterrupts } from "./interrupt.mjs";
import { SetUpError } from "./set-up-error.mjs";

/** Of what a failed program said: npm gives its reason first, pip and compilers last. */
const FIRST_LINES = 15;
const LAST_LINES = 25;

/** @param {() => Promise<number>} main resolves with the exit code */
export const runCommand = async (main) => {
  watchInterrupts();
  let exitCode;
  try {
    exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetUpError)) {
      await endChildren();
      throw error;
    }
    if (error.output) print(`\n${dim(excerpt(error.output))}`);
    print(`\n${red(error.message)}`);
    if (error.hint) print(error.hint);
    exitCode = error.exitCode;
  }
  await endChildren();
  process.exitCode = exitCode;
};

/** @param {string} output @returns {string} */
const excerpt = (output) => {
  const lines = output.trimEnd().split("\n");
  if (lines.length <= FIRST_LINES + LAST_LINES) return lines.join("\n");
  return [...lines.slice(0, FIRST_LINES), "...", ...lines.slice(-LAST_LINES)].join("\n");
};
