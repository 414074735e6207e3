const MESSAGES = {
  LINK_BAD_LINE: "the link carried a line that is not of the protocol",
  LINK_VERSION: "Locust's side speaks another version of the link protocol; run npm run build",
  LINK_REFUSED: "could not reach Locust's side of the link",
} as const;

/** A fault of the link itself. Python's side is told by an `error` line, then the link ends. */
export class LinkError extends Error {
  readonly code: keyof typeof MESSAGES;
  readonly detail: Readonly<Record<string, string | number>>;
  constructor(code: LinkError["code"], detail: LinkError["detail"] = {}, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = "LinkError";
    this.code = code;
    this.detail = detail;
  }
}
