/** The rules that a URL can be judged by before anything is looked up or connected to. */

import { isIP } from "node:net";
import { type TargetClass, targetClass } from "../../config/target-class.ts";
import { AuthError } from "../auth-error.ts";
import { addressRefusal, classRefusal } from "./address-rule.ts";
import type { HttpQuestion } from "./http-question.ts";

const LONGEST = 2048;

interface AllowedUrl {
  readonly url: URL;
  /** Whether it leads to the MCP server's own origin. */
  readonly isServers: boolean;
  /** The rule that each address must pass that the host's name is resolved to; null: any may be connected to. */
  readonly addressesAsSeenFrom: TargetClass | null;
}

/** @throws {AuthError} AUTH_UNTRUSTED */
export const allowedUrl = ({
  url: text,
  trust,
  server,
}: Pick<HttpQuestion, "url" | "trust" | "server">): AllowedUrl => {
  const url = text.length <= LONGEST ? URL.parse(text) : null;
  if (url === null) throw new AuthError("AUTH_UNTRUSTED", { why: "names what is no URL" });
  const refuse = (why: string): never => {
    throw new AuthError("AUTH_UNTRUSTED", { place: placeOf(url), why });
  };
  if (url.protocol !== "https:" && url.protocol !== "http:") refuse("is neither https nor http");
  if (url.username !== "" || url.password !== "") refuse("holds a user name or a password");
  if (url.hash !== "") refuse("has a fragment");
  // The bridge sends its requests to this very place anyway, and in the same way.
  if (url.origin === new URL(server.url).origin) return { url, isServers: true, addressesAsSeenFrom: null };

  const isHere = targetClass(url.href) === "loopback";
  if (trust === "given") {
    if (url.protocol === "http:" && !isHere) refuse("is plain http, and not on this machine");
    return { url, isServers: false, addressesAsSeenFrom: null };
  }
  const seenFrom = targetClass(server.url);
  const isPlainHere = isHere && seenFrom === "loopback" && server.url.toLowerCase().startsWith("http:");
  if (url.protocol === "http:" && !isPlainHere) refuse("is plain http");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // A literal address is never looked up, so this is the only time that it is seen.
  const why = isIP(host) === 0 ? classRefusal(targetClass(url.href), seenFrom) : addressRefusal(host, seenFrom);
  if (why !== null) refuse(why);
  return { url, isServers: false, addressesAsSeenFrom: seenFrom };
};

/** What may be said of a URL: neither its query nor a name and password. */
export const placeOf = (url: URL): string => (url.origin === "null" ? url.protocol : url.origin + url.pathname);
