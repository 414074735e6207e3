import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { FileKind } from "../../../azure/definition/test-definition.ts";
import type { RemoteTest, TestFile } from "../../../azure/plane/data-plane.ts";
import { uploadFiles } from "../../../azure/run/upload-files.ts";
import type { UploadedNote } from "../../../azure/run/uploaded-note.ts";
import { temporaryProject } from "../../config/temporary-project.ts";
import { inTurn, remoteTest, scripted, testFile, unreachable } from "./scripted-plane.ts";

const TEXTS = { "multi.py": "script", "a.txt": "aaa", "locust.conf": "users = 1" } as const;
const KINDS: Record<keyof typeof TEXTS, FileKind> = {
  "multi.py": "TEST_SCRIPT",
  "a.txt": "ADDITIONAL_ARTIFACTS",
  "locust.conf": "USER_PROPERTIES",
};
const NAMES = Object.keys(TEXTS) as (keyof typeof TEXTS)[];
const FILES = NAMES.map((name) => ({ name, kind: KINDS[name], bytes: TEXTS[name].length }));
const THERE = NAMES.map((name) => testFile(name, { fileType: KINDS[name] }));
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const noteOf = (texts: Readonly<Record<string, string>>): UploadedNote => ({
  version: 1,
  resourceId: "/r",
  testId: "nightly",
  lastModifiedDateTime: null,
  files: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sha256(text)])),
});

const upload = async (remote: RemoteTest, note: UploadedNote | null, putFile = inTurn(testFile("any"))) => {
  const { context, calls, events } = scripted({ putFile, deleteFile: async () => undefined });
  const { sent } = await uploadFiles(context, { remote, folder: temporaryProject(TEXTS), files: FILES, note });
  return { calls, events, sent };
};

describe("uploadFiles", () => {
  test("sends everything to a new test, the script last", async () => {
    expect((await upload(remoteTest(), null)).sent).toEqual(["a.txt", "locust.conf", "multi.py"]);
  });

  test("removes what is gone here before it sends anything", async () => {
    const { calls } = await upload(remoteTest({ files: [...THERE, testFile("old.txt")] }), null);
    expect(calls[0]).toBe("deleteFile nightly old.txt");
    expect(calls.filter((call) => call.startsWith("deleteFile"))).toHaveLength(1);
  });

  test("replaces a file whose kind has changed", async () => {
    const others = THERE.filter(({ fileName }) => fileName !== "a.txt");
    const { calls } = await upload(
      remoteTest({ files: [...others, testFile("a.txt", { fileType: "ZIPPED_ARTIFACTS" })] }),
      null,
    );
    expect(calls[0]).toBe("deleteFile nightly a.txt");
  });

  test("sends nothing again that is surely there", async () => {
    const { calls, events } = await upload(remoteTest({ files: THERE }), noteOf(TEXTS));
    expect(calls).toEqual([]);
    expect(events.map(({ what }) => what)).toEqual(["file-kept", "file-kept", "file-kept"]);
  });

  test("sends the script with whatever changed: Azure looks at it anew", async () => {
    const { sent } = await upload(remoteTest({ files: THERE }), noteOf({ ...TEXTS, "a.txt": "before" }));
    expect(sent).toEqual(["a.txt", "multi.py"]);
  });

  test.each([
    ["without a note", THERE, null],
    [
      "when it failed its validation",
      THERE.map((file) => ({ ...file, validationStatus: "VALIDATION_FAILURE" as const })),
      noteOf(TEXTS),
    ],
  ])("sends everything %s", async (_when, files, note) => {
    expect((await upload(remoteTest({ files }), note)).sent).toHaveLength(3);
  });

  test("begins a file again after a cut connection", async () => {
    const { calls, events } = await upload(remoteTest(), null, inTurn<TestFile>(unreachable(), testFile("any")));
    expect(calls.filter((call) => call.startsWith("putFile"))).toHaveLength(4);
    expect(events[0]).toMatchObject({ what: "retry" });
  });
});
