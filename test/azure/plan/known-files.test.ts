import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { UploadFile } from "../../../azure/definition/test-definition.ts";
import { knownFiles } from "../../../azure/plan/known-files.ts";
import type { RemoteTest, TestFile } from "../../../azure/plane/data-plane.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const remote = (fileName: string): TestFile => ({
  fileName,
  fileType: "ADDITIONAL_ARTIFACTS",
  validationStatus: "NOT_VALIDATED",
  validationFailureDetails: null,
});
const there = (lastModifiedDateTime: string): RemoteTest => ({ testId: "nightly", files: [], lastModifiedDateTime });

const made = (name: string, from: UploadFile["from"]): UploadFile => ({
  name,
  kind: "ADDITIONAL_ARTIFACTS",
  bytes: 1,
  from,
});

test("a file is known by its bytes, as long as nobody has changed the test since", async () => {
  const folder = temporaryProject({ "disk.txt": "on disk" });
  const [text, disk, other] = [
    made("text.txt", { text: "made" }),
    made("disk.txt", { path: join(folder, "disk.txt") }),
    made("other.txt", { text: "new words" }),
  ];
  const isKnown = await knownFiles([text, disk, other], {
    version: 1,
    resourceId: "/x",
    testId: "nightly",
    lastModifiedDateTime: "then",
    files: { "text.txt": sha256("made"), "disk.txt": sha256("on disk"), "other.txt": sha256("old words") },
  });
  expect([text, disk, other].map((file) => isKnown(file, remote(file.name), there("then")))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isKnown(text, remote("text.txt"), there("later"))).toBe(false);
  expect((await knownFiles([text], null))(text, remote("text.txt"), there("then"))).toBe(false);
});
