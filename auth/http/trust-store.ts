/** What a connection trusts, and what it shows of itself, made from the server's `tls` settings. */

import { readFileSync } from "node:fs";
import tls, { type SecureContext } from "node:tls";
import { errorCode } from "../../config/environment.ts";
import { AuthError } from "../auth-error.ts";
import type { HttpQuestion } from "./http-question.ts";

type TlsFiles = HttpQuestion["server"]["tls"];

/**
 * Reading some 150 root certificates takes milliseconds of CPU, so it is not done for each token. A file that is
 * replaced in the middle of a run is not noticed.
 */
const contexts = new Map<string, SecureContext>();

/**
 * For the server itself, as a run connects to it: `ca` instead of the usual authorities, and its client certificate.
 * @throws {AuthError} AUTH_UNREADABLE for a file that cannot be read, or is not what it should be
 */
export const tlsOfServer = (files: TlsFiles): { secureContext?: SecureContext } => {
  const names = Object.values(files);
  if (names.length === 0) return {};
  return contextOf(["server", files.ca, files.cert, files.key], names.join(", "), () =>
    Object.fromEntries(Object.entries(files).map(([key, path]) => [key, pem(path)])),
  );
};

/**
 * For everybody else: the usual authorities, and beside them the one of the file. Beside and not instead: the server is
 * the company's own, the authorization server often the world's.
 * @param ca absolute path of a PEM file, the server's `tls.ca`
 * @throws {AuthError} AUTH_UNREADABLE
 */
export const trustingBeside = (ca: string | undefined): { secureContext?: SecureContext } => {
  if (ca === undefined) return {};
  // Node before 22.15 cannot list what NODE_EXTRA_CA_CERTS added.
  const usual = () => tls.getCACertificates?.("default") ?? tls.rootCertificates;
  return contextOf(["beside", ca], ca, () => ({ ca: [...usual(), pem(ca)] }));
};

const contextOf = (
  parts: readonly (string | undefined)[],
  place: string,
  options: () => tls.SecureContextOptions,
): { secureContext: SecureContext } => {
  const key = JSON.stringify(parts);
  const known = contexts.get(key);
  if (known !== undefined) return { secureContext: known };
  try {
    const secureContext = tls.createSecureContext(options());
    contexts.set(key, secureContext);
    return { secureContext };
  } catch (cause) {
    if (cause instanceof AuthError) throw cause;
    throw new AuthError("AUTH_UNREADABLE", { place, why: errorCode(cause) }, { cause });
  }
};

const pem = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AuthError("AUTH_UNREADABLE", { place: path, why: errorCode(cause) }, { cause });
  }
};
