import { truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBeginning } from "../../../azure/definition/local-file.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

test("of a file that is too large for one read only the beginning is read", () => {
  const path = join(temporaryProject({ "big.py": "ab" }), "big.py");
  truncateSync(path, 3 * 1024 ** 3);
  expect(readBeginning(path, 2)).toBe("ab");
  expect(readBeginning(path, 100_000)).toHaveLength(100_000);
});

test("what cannot be read is an error of that file, with the system's code", () => {
  const folder = temporaryProject({});
  const fault = (why: string, place: string) => expect.objectContaining({ code: "AZURE_FILE", detail: { place, why } });
  expect(() => readBeginning(folder, 10)).toThrow(fault("EISDIR", folder));
  expect(() => readBeginning(join(folder, "a"), 10)).toThrow(fault("ENOENT", join(folder, "a")));
});
