import { readFileSync } from "node:fs";
import tls, { type SecureContext } from "node:tls";
import { AuthError } from "../auth-error.ts";

/**
 * Reading some 150 root certificates takes milliseconds of CPU, so it is not done for each token. A CA that is replaced
 * in the middle of a run is not noticed.
 */
const contexts = new Map<string, SecureContext>();

/**
 * What a connection trusts: the usual authorities, and beside them the one of the file. Beside and not instead: the
 * server is the company's own, the authorization server often the world's.
 * @param ca absolute path of a PEM file, the server's `tls.ca`
 * @throws {AuthError} AUTH_UNREADABLE
 */
export const trustingBeside = (ca: string | undefined): { secureContext?: SecureContext } => {
  if (ca === undefined) return {};
  let secureContext = contexts.get(ca);
  if (secureContext === undefined) {
    try {
      // Node before 22.15 cannot list what NODE_EXTRA_CA_CERTS added.
      const usual = tls.getCACertificates?.("default") ?? tls.rootCertificates;
      secureContext = tls.createSecureContext({ ca: [...usual, readFileSync(ca, "utf8")] });
    } catch (cause) {
      throw new AuthError("AUTH_UNREADABLE", { place: ca }, { cause });
    }
    contexts.set(ca, secureContext);
  }
  return { secureContext };
};
