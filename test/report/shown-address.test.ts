import { expect, test } from "vitest";
import { settingRows } from "../../report/setting-rows.ts";
import { shownAddress } from "../../report/shown-address.ts";

test.each([
  ["who asks", "https://ann:s3cret@mcp.example.com/mcp", "https://mcp.example.com/mcp"],
  ["a key in the query", "http://127.0.0.1:8080/a/b?key=s3cret#s3cret", "http://127.0.0.1:8080/a/b"],
  ["one of another scheme", "socks5://ann:s3cret@proxy.example:1080", "socks5://proxy.example:1080"],
  ["what no URL can be", "https://ann:s3cret@:/", "(an address that cannot be read)"],
])("of an address with %s origin and path are shown", (_, text, shown) => {
  expect(shownAddress(text)).toBe(shown);
});

test.each(["-", "http://a", "https://a/b", "multi.py", "stdio:node server.js?x"])(
  "what holds no secret stays as it is: %s",
  (text) => {
    expect(shownAddress(text)).toBe(text);
  },
);

test("no setting shows more of an address, however deep it lies", () => {
  const rows = settingRows({ connections: { proxy: "http://ann:s3cret@proxy:3128/?k=s3cret" } });
  expect(rows).toEqual([["connections.proxy", "http://proxy:3128/"]]);
});
