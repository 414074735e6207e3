import { expect, test } from "vitest";
import { addressRefusal } from "../../../auth/http/address-rule.ts";

const PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"];
const PRIVATE = ["10.0.0.5", "172.31.255.1", "192.168.1.1", "100.64.0.1", "fd12:3456::1", "::ffff:10.0.0.5"];
const LOOPBACK = ["127.0.0.1", "127.9.9.9", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1"];
const NEVER = [
  "169.254.169.254",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
  "64:ff9b::a9fe:a9fe",
  "64:ff9b::169.254.169.254",
  "64:ff9b:1::a9fe:a9fe",
  "::a9fe:a9fe",
  "2002:a9fe:a9fe::1",
  "2001:0:4136:e378:8000:63bf:3fff:fdd2",
  "fe80::1",
  "febf::1",
  "fec0::1",
  "ff02::1",
  "fd00:ec2::254",
  "fd20:ce::254",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "0.0.0.1",
  "0.255.255.255",
  "::ffff:0.1.2.3",
  "198.18.0.1",
  "198.19.255.255",
  "::ffff:198.18.0.1",
  "100::1",
  "::ffff:0:7f00:1",
  "::ffff:0:169.254.169.254",
  "::ffff:0:93.184.215.14",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "fe80::1%eth0",
  "2130706433",
  "",
];

test.each(NEVER)("%s is never gone to, wherever the MCP server is", (address) => {
  for (const server of ["loopback", "private", "public"] as const)
    expect(addressRefusal(address, server)).not.toBeNull();
});

test.each(LOOPBACK)("%s is gone to only for an MCP server on this machine", (address) => {
  expect(addressRefusal(address, "loopback")).toBeNull();
  expect(addressRefusal(address, "private")).toContain("this machine");
  expect(addressRefusal(address, "public")).toContain("this machine");
});

test.each(PRIVATE)("%s is gone to only for an MCP server that is not in public", (address) => {
  expect(addressRefusal(address, "loopback")).toBeNull();
  expect(addressRefusal(address, "private")).toBeNull();
  expect(addressRefusal(address, "public")).toContain("private network");
});

test.each(PUBLIC)("%s may always be gone to", (address) => {
  for (const server of ["loopback", "private", "public"] as const) expect(addressRefusal(address, server)).toBeNull();
});

test("a translated address is judged by the IPv4 address in it", () => {
  expect(addressRefusal("64:ff9b::10.0.0.5", "public")).toContain("private network");
  expect(addressRefusal("64:ff9b::7f00:1", "public")).toContain("this machine");
});
