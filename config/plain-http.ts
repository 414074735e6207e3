/** Refuses to send a credential over plain http to another machine, unless the user says that it may. */

import { TOKEN_VARIABLE, URL_VARIABLE } from "./aimed-target.ts";
import { type Path, showKey } from "./fault.ts";
import { isSecretName } from "./secret-shape.ts";
import type { ServerSettings } from "./settings.ts";
import { targetClass } from "./target-class.ts";

/** What is wrong, and the key that it is about; an aim has none. */
interface PlainHttpFault {
  readonly path: Path;
  readonly sentence: string;
}

/**
 * @param isAimed the address is `MCP_SERVER_URL`'s and not the file's
 * @returns null when nothing secret is sent, when it is encrypted, when it stays on this machine, or when it is allowed
 */
export const plainHttpFault = (
  { name, url, auth, headers }: Pick<ServerSettings, "name" | "url" | "auth" | "headers">,
  isAimed: boolean,
): PlainHttpFault | null => {
  if (!/^http:/i.test(url) || targetClass(url) === "loopback" || auth.allowPlainHttp === true) return null;
  const hasCredential = auth.strategy !== "none";
  const header = Object.keys(headers).find(isSecretName);
  if (!hasCredential && header === undefined) return null;

  const isNamedByVariable = isAimed && auth.env === TOKEN_VARIABLE;
  const what = isNamedByVariable
    ? TOKEN_VARIABLE
    : hasCredential
      ? "a credential"
      : `the header ${showKey(header ?? "")}`;
  const danger = `sends ${what} over plain http, and anybody on the way can read it: use https`;
  const permission = "auth: { strategy: none, allowPlainHttp: true }";
  if (isAimed) {
    const entry = `servers: { ${name}: { ${permission} } }`;
    return { path: [], sentence: `${URL_VARIABLE}: ${danger}, or allow it in loadtest.yaml with ${entry}` };
  }
  const sentence = `${danger}, or say ${hasCredential ? "allowPlainHttp: true in auth" : permission}`;
  return { path: ["servers", name, "url"], sentence };
};
