/** Results as an engine and the service leave them, for the tests of this room. */
import { createWriteStream, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { RunHead } from "../../../azure/engines/run-head.ts";

export const START_MS = Date.parse("2026-03-01T10:00:00.000Z");

export const head = (fields: Partial<RunHead> = {}): RunHead => ({
  id: "20260301-100000-multi-abcd",
  testId: "mcp-nightly",
  startedAt: new Date(START_MS).toISOString(),
  endedAt: new Date(START_MS + 60_000).toISOString(),
  endReason: "done",
  outcome: { state: "DONE", result: "PASSED", client: [], server: [] },
  plan: { users: 20, runTime: 60 },
  versions: { swarmbridge: "0.1.0" },
  servers: { learn: { url: "https://learn.example/mcp" } },
  ...fields,
});

const COLUMNS =
  "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect";

export interface MadeRow {
  readonly name: string;
  /** After the start of the run, when it began. */
  readonly atMs: number;
  readonly elapsedMs: number;
  readonly isOk?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly bytes?: number;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const line = ({
  name,
  atMs,
  elapsedMs,
  isOk = true,
  code = "200",
  message = "",
  bytes = 100,
}: MadeRow): string =>
  [
    START_MS + atMs,
    elapsedMs,
    quoted(name),
    code,
    isOk ? "OK" : "",
    "Thread-1",
    "text",
    isOk,
    quoted(message),
    bytes,
    10,
    5,
    5,
    "null",
    0,
    0,
    0,
  ].join(",");

export const csv = (rows: readonly MadeRow[], end = "\n"): string => [COLUMNS, ...rows.map(line), ""].join(end);

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "engines-"));

/** @returns its path, in a folder of its own */
export const file = (name: string, content: string | Buffer): string => {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
};

export const zip = async (
  entries: Readonly<Record<string, string | Buffer>>,
  name = "results.zip",
): Promise<string> => {
  const path = join(newFolder(), name);
  const archive = new ZipFile();
  for (const [entry, content] of Object.entries(entries)) {
    archive.addBuffer(Buffer.from(content), entry, { compress: content.length > 0 });
  }
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(path));
  return path;
};
