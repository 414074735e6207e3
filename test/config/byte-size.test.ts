import { expect, test } from "vitest";
import { parseByteSize } from "../../config/byte-size.ts";

test.each([
  ["1KB", 1024],
  ["64MB", 67_108_864],
  ["1GB", 1_073_741_824],
])("%s is %d bytes", (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

test.each(["64", "64mb", "1.5MB", "-1KB", "64 MB", "1TB", "1KB\n", ""])("%j is not a size", (text) => {
  expect(parseByteSize(text)).toBeNull();
});
