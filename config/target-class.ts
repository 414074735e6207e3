/**
 * Whose machine a URL points at, as far as its text tells: nothing is resolved. The guard for other people's servers
 * rests on it, so whatever is not known to be ours counts as public.
 */

import { BlockList, isIP } from "node:net";

export type TargetClass = "loopback" | "private" | "public";

/** Also 0.0.0.0 and ::, which an operating system connects to itself. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("0.0.0.0", "ipv4");
LOOPBACK.addAddress("::1", "ipv6");
LOOPBACK.addAddress("::", "ipv6");

/** RFC 1918, RFC 3927 (link-local), RFC 6598 (shared by carriers and overlay networks), RFC 4193, RFC 4291. */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
] as const) {
  PRIVATE.addSubnet(net, prefix, "ipv4");
}
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");

/** Names that no public DNS serves: RFC 6762 (.local), ICANN's reservation of .internal, RFC 8375 (home.arpa). */
const PRIVATE_NAME = /(^|\.)(local|internal|home\.arpa)$/;

/**
 * @param url absolute http(s) URL, or `stdio:NAME`. Its parser has already turned the odd notations of an IPv4 address (`0x7f.1`,
 * `2130706433`, `017700000001`) into the usual one.
 * @throws {TypeError} when it is no URL
 */
export const targetClass = (url: string): TargetClass => {
  const { protocol, hostname } = new URL(url);
  // A process of our own.
  if (protocol === "stdio:") return "loopback";
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return isIP(host) === 0 ? classOfName(host) : classOfAddress(host);
};

/** @param address an IPv4 or IPv6 address in its usual notation, without brackets */
export const classOfAddress = (address: string): TargetClass => {
  // A BlockList compares an IPv4-mapped IPv6 address (::ffff:10.0.0.1) with its IPv4 rules too.
  const type = isIP(address) === 4 ? "ipv4" : "ipv6";
  if (LOOPBACK.check(address, type)) return "loopback";
  return PRIVATE.check(address, type) ? "private" : "public";
};

const classOfName = (host: string): TargetClass => {
  if (host === "localhost" || host.endsWith(".localhost")) return "loopback"; // RFC 6761, section 6.3
  // A name without a dot (`http://mcp:3000` in a compose network) only resolves inside somebody's own network.
  return !host.includes(".") || PRIVATE_NAME.test(host) ? "private" : "public";
};
