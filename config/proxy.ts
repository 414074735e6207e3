/** Which proxy the way to a server goes through. Its password is a secret: only the connection itself sees it. */
import { isIP } from "node:net";
import type { Lookup } from "./environment.ts";
import { hasPlaceholder } from "./placeholder.ts";

/** @returns what is wrong with the key's text; empty when it is simply neither a word nor a URL; null when it is good */
export const proxyFault = (text: string): string | null => {
  if (text === "none" || text === "env") return null;
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\/[^\s\\]+$/i.test(text) || url.hostname === "") return "";
  return url.pathname === "/" && url.search === "" && url.hash === "" ? null : "must be the address of a proxy alone";
};

/** A password in the URL of a proxy, as it stands in the file. */
export const hasWrittenPassword = (text: string): boolean => {
  const userinfo = /^https?:\/\/([^/]*)@/i.exec(text)?.[1] ?? "";
  const password = userinfo.slice(userinfo.indexOf(":") + 1);
  return userinfo.includes(":") && password !== "" && !hasPlaceholder(password);
};

/** As curl and most clients read them, the lower-case name first: HTTP_PROXY alone may be set by a web server's client. */
const VARIABLES = {
  "http:": ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
  "https:": ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
} as const;

/**
 * @param choice `none`, `env` or a URL, checked by `proxyFault`
 * @returns the proxy's URL with its credentials, or null for the direct way; `fault` when the environment's is none
 */
export const proxyFor = (
  serverUrl: string,
  choice: string,
  lookup: Lookup,
): { readonly url: string | null; readonly fault?: string } => {
  if (choice === "none") return { url: null };
  if (choice !== "env") return { url: choice };
  const { protocol, hostname, port } = new URL(serverUrl);
  const names: readonly string[] = Object.hasOwn(VARIABLES, protocol)
    ? VARIABLES[protocol as keyof typeof VARIABLES]
    : [];
  const name = names.find((each) => lookup(each) !== undefined);
  const value = name === undefined ? undefined : lookup(name);
  if (name === undefined || value === undefined || isExempt(hostname, port || DEFAULT_PORTS[protocol], lookup)) {
    return { url: null };
  }
  // Most programs take a bare host and port for an http proxy.
  const url = /^[a-z]+:\/\//i.test(value) ? value : `http://${value}`;
  return proxyFault(url) === null
    ? { url }
    : { url: null, fault: `is env, but ${name} is not the URL of an http proxy` };
};

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** NO_PROXY: names with all that is below them, addresses, each with a port or without, or `*`. */
const isExempt = (hostname: string, port: string | undefined, lookup: Lookup): boolean => {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, "");
  const entries = (lookup("no_proxy") ?? lookup("NO_PROXY") ?? "").toLowerCase().split(/[\s,]+/);
  return entries.filter(Boolean).some((entry) => {
    if (entry === "*") return true;
    const address = entry.replace(/^\[|\]$/g, "");
    if (isIP(address) !== 0) return host === address;
    const [, bare = entry, itsPort] = /^(.*):(\d+)$/.exec(entry) ?? [];
    const name = bare.replace(/^\[|\]$/g, "").replace(/^\*?\./, "");
    return (itsPort === undefined || itsPort === port) && (host === name || host.endsWith(`.${name}`));
  });
};

/** The user's name and password in the URL of a proxy, as written and decoded, and as they are sent. */
export const credentialsOf = (url: string | null): readonly string[] => {
  const authorization = url === null ? null : proxyAuthorization(url);
  if (url === null || authorization === null) return [];
  const { password } = new URL(url);
  return [authorization.slice("Basic ".length), ...(password === "" ? [] : [password, decoded(password)])];
};

/** The `proxy-authorization` header that the URL of a proxy asks for (RFC 7617), or null. */
export const proxyAuthorization = (url: string): string | null => {
  const { username, password } = new URL(url);
  if (username === "" && password === "") return null;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64")}`;
};

/** A lone % stands for itself. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The proxy without its credentials, for records and messages. */
export const shownProxy = (url: string): string => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};
