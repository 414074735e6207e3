/**
 * Which addresses a URL may lead to that a server has named (SSRF). Judged is the address that is connected to, so a
 * name that changes its mind between two look-ups gains nothing.
 */

import { BlockList, isIP } from "node:net";
import { classOfAddress, type TargetClass } from "../../config/target-class.ts";

/** Where no authorization server ever is: machines tell their own secrets there, or it is nobody's address. */
const NEVER = new BlockList();
for (const [net, prefix] of [
  ["169.254.0.0", 16], // RFC 3927; instance metadata of AWS, Azure, Google and others
  ["100.100.100.200", 32], // Alibaba Cloud's metadata
  ["168.63.129.16", 32], // Azure's wire server, public by its looks
  ["192.0.0.0", 24], // RFC 6890; Oracle Cloud's metadata
  ["198.18.0.0", 15], // RFC 2544, networks under test
  ["224.0.0.0", 3], // RFC 1112, multicast and what is reserved above it
] as const) {
  NEVER.addSubnet(net, prefix, "ipv4");
}
// RFC 1122, "this network"; 0.0.0.0 itself is this machine.
NEVER.addRange("0.0.0.1", "0.255.255.255", "ipv4");
for (const [net, prefix] of [
  ["100::", 64], // RFC 6666, where packets vanish
  ["fe80::", 10], // RFC 4291, link-local
  ["fec0::", 10], // RFC 3879, the site-local addresses of old
  ["ff00::", 8], // multicast
  ["fd00:ec2::254", 128], // AWS' metadata
  ["fd20:ce::254", 128], // Google's metadata
  // What carries an IPv4 address inside, apart from the mapped ones, which a BlockList sees through:
  ["2002::", 16], // RFC 3056
  ["::ffff:0:0:0", 96], // RFC 2765
  ["2001::", 32], // RFC 4380
  ["64:ff9b:1::", 48], // RFC 8215
] as const) {
  NEVER.addSubnet(net, prefix, "ipv6");
}
/** RFC 4291, section 2.5.5.1: `::a.b.c.d`. `::` and `::1` are in it too; their own rule is asked first. */
const COMPATIBLE = new BlockList();
COMPATIBLE.addSubnet("::", 96, "ipv6");
/** RFC 6052: how a network without IPv4 (DNS64) shows all of the IPv4 internet, so it cannot be refused outright. */
const TRANSLATED = new BlockList();
TRANSLATED.addSubnet("64:ff9b::", 96, "ipv6");

/**
 * @param address in its usual notation, without brackets or zone
 * @param server where the MCP server is
 * @returns why it must not be connected to, as a clause, or null
 */
export const addressRefusal = (address: string, server: TargetClass): string | null => {
  const family = isIP(address);
  if (family === 0) return "leads to what is no address";
  const type = family === 4 ? "ipv4" : "ipv6";
  if (NEVER.check(address, type)) return "leads to a link-local or reserved address";
  if (family === 6 && TRANSLATED.check(address, type)) return addressRefusal(lastFourBytes(address), server);
  const found = classOfAddress(address);
  if (family === 6 && found === "public" && COMPATIBLE.check(address, type)) return "leads to a reserved address";
  return classRefusal(found, server);
};

/** @returns why somebody at a `server` of this class must not send us to such a place, or null */
export const classRefusal = (found: TargetClass, server: TargetClass): string | null => {
  if (found === "loopback" && server !== "loopback") return "leads to this machine, where the MCP server is not";
  if (found === "private" && server === "public") return "leads to a private network, where the MCP server is not";
  return null;
};

/** The IPv4 address at the end of an IPv6 one. The URL parser writes any notation as groups of hexadecimal digits. */
const lastFourBytes = (address: string): string => {
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(":");
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || "0", 16)) as [number, number];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
};
