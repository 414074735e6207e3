/** Why a bench cannot run or cannot be judged. */

const MESSAGES = {
  OPTION_WRONG: "an option is wrong",
  PYTHON_MISSING: "no Python with Locust was found",
  BUNDLE_MISSING: "the bridge is not built",
  GENERATOR_FAILED: "a load generator ended without a result",
  COUNT_WRONG: "a load generator and the server do not agree on the number of calls",
} as const;

export type BenchErrorCode = keyof typeof MESSAGES;

export class BenchError extends Error {
  readonly code: BenchErrorCode;
  /** What varies, and what to do: one sentence for the person at the terminal. */
  readonly detail: string;

  constructor(code: BenchErrorCode, detail: string, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = "BenchError";
    this.code = code;
    this.detail = detail;
  }
}
