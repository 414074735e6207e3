import { AuthError } from "../auth-error.ts";

/** Rejects with AuthError AUTH_UNREACHABLE after `ms`: neither MSAL nor a program's wrapper ends for sure. */
export const within = <T>(ms: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `no answer within ${ms / 1000} s`;
    timer = setTimeout(() => reject(new AuthError("AUTH_UNREACHABLE", { why })), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};
