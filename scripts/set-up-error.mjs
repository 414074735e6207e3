/** What ends a command because of the machine or the input: one sentence, what to do about it, and the exit code. */

/** Exit codes of `npm start`; 1 and 2 belong to verdicts. */
export const EXIT = /** @type {const} */ ({ fine: 0, wrongSetUp: 3, unreachable: 4, interrupted: 130 });

export class SetUpError extends Error {
  /**
   * @param {string} message one sentence
   * @param {{ hint?: string, output?: string, exitCode?: number }} [more] `hint`: what to do now; `output`: what the
   *   failed program said
   */
  constructor(message, { hint = "", output = "", exitCode = EXIT.wrongSetUp } = {}) {
    super(message);
    this.name = "SetUpError";
    this.hint = hint;
    this.output = output;
    this.exitCode = exitCode;
  }
}
