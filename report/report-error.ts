const MESSAGES = {
  PAGE_NOT_BUILT: "the script and the style of a report's page are not built",
} as const;

export type ReportErrorCode = keyof typeof MESSAGES;

/** What keeps a report from being made. Callers match `code`; `detail.dir` is the folder that was looked at. */
export class ReportError extends Error {
  readonly code: ReportErrorCode;
  readonly detail: { readonly dir: string };
  constructor(code: ReportErrorCode, detail: ReportError["detail"], options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = "ReportError";
    this.code = code;
    this.detail = detail;
  }
}
