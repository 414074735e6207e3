const MESSAGES = {
  AUTH_MISSING: "the credential is not there",
  AUTH_UNUSABLE: "the credential cannot be sent in a header",
  AUTH_UNREADABLE: "the file of the credential could not be read",
} as const;

/**
 * Why no credential could be had. `detail` names the variable or file, never what is in it; neither does a `cause`:
 * it is the error of the file system.
 */
export class AuthError extends Error {
  readonly code: keyof typeof MESSAGES;
  readonly detail: Readonly<Record<string, string | number>>;

  constructor(code: AuthError["code"], detail: AuthError["detail"] = {}, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = "AuthError";
    this.code = code;
    this.detail = detail;
  }
}
