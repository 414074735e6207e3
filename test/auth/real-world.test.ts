import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fileReaderIn } from "../../auth/real-world.ts";

const readFile = fileReaderIn("/");

const fileWith = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-auth-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "token"), text);
  return join(folder, "token");
};

test("a small file is read whole", () => {
  expect(readFile(fileWith("tökn\n"))).toBe("tökn\n");
  expect(readFile(fileWith(""))).toBe("");
});

test("a file that is not there is ENOENT, which strategies rely on", () => {
  expect(() => readFile("/nowhere/token")).toThrow(expect.objectContaining({ code: "ENOENT" }));
});

test("a file that is no token file is refused, its size not read", () => {
  expect(() => readFile(fileWith("x".repeat(64 * 1024 + 1)))).toThrow("larger than 64 KiB");
});

test("a larger one is read where that is said: a list of identities", () => {
  const text = "x".repeat(64 * 1024 + 1);
  expect(readFile(fileWith(text), 128 * 1024)).toBe(text);
  expect(() => readFile(fileWith(text + text), 128 * 1024)).toThrow("larger than 128 KiB");
});

test.runIf(process.platform !== "win32")(
  "a pipe, a device and a folder are refused, and nobody waits for a writer",
  () => {
    const path = `${fileWith("")}.pipe`;
    execFileSync("mkfifo", [path]);
    for (const place of [path, "/dev/zero", tmpdir()]) expect(() => readFile(place)).toThrow("no regular file");
  },
);
