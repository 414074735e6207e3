import { expect, test } from "vitest";
import { type TargetClass, targetClass } from "../../config/target-class.ts";

const HOSTS: Readonly<Record<TargetClass, readonly string[]>> = {
  loopback: [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "mcp.localhost",
    "127.0.0.1",
    "127.255.255.254",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
  ],
  private: [
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[fe80::1]",
    "[febf::1]",
    "[::ffff:10.0.0.1]",
    "0xa.1",
    "mcp",
    "printer.local",
    "db.prod.internal",
    "nas.home.arpa",
    "internal.",
  ],
  public: [
    "learn.microsoft.com",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "128.0.0.1",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.0.1",
    "169.253.0.1",
    "100.63.255.255",
    "100.128.0.0",
    "[2001:db8::1]",
    "[fec0::1]",
    "[::ffff:8.8.8.8]",
    "[64:ff9b::7f00:1]",
    "localhost.example.com",
    "127.0.0.1.nip.io",
    "notlocal.example",
    "mylocal.locals",
    "10.0.0.1.example.com",
    "home.arpa.example",
  ],
};

const rows = Object.entries(HOSTS).flatMap(([kind, hosts]) => hosts.map((host) => [host, kind] as const));

test.each(rows)("%s is %s", (host, kind) => {
  expect(targetClass(`http://${host}:8080/mcp`)).toBe(kind);
});

test("a host in the path, query or user name does not count", () => {
  expect(targetClass("http://example.com/localhost?u=127.0.0.1")).toBe("public");
  expect(targetClass("http://localhost@example.com/")).toBe("public");
});
