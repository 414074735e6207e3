const MESSAGES = {
  ARGUMENTS_NO_SCHEMA: "its inputSchema is no JSON object",
  ARGUMENTS_TOO_LARGE: "its inputSchema is larger than 256 KiB, or deeper than 64 levels",
  ARGUMENTS_ELSEWHERE: "its inputSchema refers to a schema outside itself, which is not fetched",
  ARGUMENTS_BAD_SCHEMA: "its inputSchema cannot be compiled",
  ARGUMENTS_NONE: "no arguments that satisfy its inputSchema could be made",
  ARGUMENTS_SLOW: "making arguments from its inputSchema takes more than two seconds or 64 MB of memory",
  ARGUMENTS_OVER: "the bridge is ending",
} as const;

export type ArgumentsFault = keyof typeof MESSAGES;

/** Why a tool gets no made arguments. The sentence begins with "its": who asked knows which tool it is about. */
export class ArgumentsError extends Error {
  readonly code: ArgumentsFault;
  /** `why`: what the compiler said, a stranger's words in part. */
  readonly detail: { readonly why?: string };

  constructor(code: ArgumentsFault, detail: ArgumentsError["detail"] = {}) {
    super(MESSAGES[code]);
    this.name = "ArgumentsError";
    this.code = code;
    this.detail = detail;
  }
}
