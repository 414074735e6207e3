const MESSAGES = {
  RECORD_BAD_NAME:
    "the name of a run or part is not fit for a folder: letters, digits, dot, dash and underscore, at most 128",
  RECORD_EXISTS: "a finished run record lies in this folder already",
  RECORD_NOT_WRITABLE: "the folder of the run record cannot be written",
  RECORD_MISSING: "there is no run record in this folder",
  RECORD_BROKEN: "run.json is not a run record",
  RECORD_SCHEMA: "run.json has a schema that this version does not read",
  RECORD_NO_PARTS: "the run has no part that can be read",
  RECORD_THREAD: "the recorder's thread could not be started",
} as const;

export type RecordErrorCode = keyof typeof MESSAGES;

/** What ends the work with a run record. Callers match `code`; `detail` names the folder or the system's error code. */
export class RecordError extends Error {
  readonly code: RecordErrorCode;
  readonly detail: Readonly<Record<string, string | number>>;
  constructor(code: RecordErrorCode, detail: RecordError["detail"] = {}, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = "RecordError";
    this.code = code;
    this.detail = detail;
  }
}
