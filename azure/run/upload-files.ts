/** Makes the files of the test at Azure those of the upload folder: removes, keeps, sends; the script last. */

import { join } from "node:path";
import type { FileKind, UploadFile } from "../definition/test-definition.ts";
import type { RemoteTest } from "../plane/data-plane.ts";
import { persistently } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";
import { isKnownThere, sha256OfFile, type UploadedNote } from "./uploaded-note.ts";

/** Azure validates the script as soon as it is there, against the files that are there by then. */
const ORDER = {
  ADDITIONAL_ARTIFACTS: 0,
  ZIPPED_ARTIFACTS: 1,
  USER_PROPERTIES: 2,
  TEST_SCRIPT: 3,
} as const satisfies Record<FileKind, number>;

export interface Upload {
  readonly remote: RemoteTest;
  /** Folder in which all files lie. */
  readonly folder: string;
  readonly files: readonly Pick<UploadFile, "name" | "kind" | "bytes">[];
  /** Of an earlier upload; null when nobody else is known to have left the test alone since. */
  readonly note: UploadedNote | null;
}

/** @returns SHA-256 by name, for the note; and the names that were sent */
export const uploadFiles = async (
  context: RunContext,
  { remote, folder, files, note }: Upload,
): Promise<{ readonly hashes: Readonly<Record<string, string>>; readonly sent: readonly string[] }> => {
  const { plane, tell } = context;
  const { testId } = remote;
  const patiently = <T>(call: () => Promise<T>): Promise<T> =>
    persistently(context, context.clock.nowMs() + context.pace.patienceMs, call);

  const wanted = new Map(files.map((file) => [file.name, file]));
  for (const { fileName, fileType } of remote.files) {
    const ours = wanted.get(fileName);
    // Azure keeps the kind of a file that is uploaded again under its name; a new kind needs a new file.
    if (ours?.kind === fileType) continue;
    await patiently(() => plane.deleteFile(testId, fileName));
    if (ours === undefined) tell({ what: "file-removed", name: fileName });
  }

  const hashed = await Promise.all(
    files.map(async (file) => ({
      ...file,
      path: join(folder, file.name),
      sha256: await sha256OfFile(join(folder, file.name)),
    })),
  );
  const there = new Map(remote.files.map((file) => [file.fileName, file]));
  const changed = hashed.filter((file) => !isKnownThere(file, there.get(file.name), note));
  // A script that is the same is validated again only when it is sent again, and what it imports may have changed.
  const toSend = (changed.length === 0 ? [] : hashed.filter((file) => changed.includes(file) || isScript(file))).sort(
    (a, b) => ORDER[a.kind] - ORDER[b.kind],
  );
  for (const file of hashed) if (!toSend.includes(file)) tell({ what: "file-kept", name: file.name });
  for (const file of toSend) {
    const { name, bytes } = file;
    await patiently(() =>
      plane.putFile(testId, file, (sentBytes) => tell({ what: "uploading", name, sentBytes, ofBytes: bytes })),
    );
    tell({ what: "uploaded", name, bytes });
  }
  return {
    hashes: Object.fromEntries(hashed.map(({ name, sha256 }) => [name, sha256])),
    sent: toSend.map(({ name }) => name),
  };
};

const isScript = ({ kind }: Pick<UploadFile, "kind">): boolean => kind === "TEST_SCRIPT";
