/** A refusal of the fake service, as Azure words one: `{error: {code, message, target, details}}`. */

export interface RefusalDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly details: readonly RefusalDetail[];

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly target?: string; readonly details?: readonly RefusalDetail[] } = {},
  ) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
    this.target = more.target;
    this.details = more.details ?? [];
  }

  get body(): { readonly error: Readonly<Record<string, unknown>> } {
    const { code, message, target, details } = this;
    return { error: { code, message, ...(target === undefined ? {} : { target }), details } };
  }
}

export const invalid = (message: string, target?: string): ServiceError =>
  new ServiceError(400, "InvalidRequest", message, target === undefined ? {} : { target });

export const notFound = (code: string, message: string): ServiceError => new ServiceError(404, code, message);

export const conflict = (code: string, message: string): ServiceError => new ServiceError(409, code, message);
