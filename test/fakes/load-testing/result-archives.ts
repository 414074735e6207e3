/** The files of an ended run, as the service keeps them: zips of CSVs in JMeter's format, of logs, of a report. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import yazl from "yazl";
import type { ResultRow } from "./run-results.ts";

/** A folder of this machine that is put into results.zip. */
export interface RecordFolder {
  readonly directory: string;
  /** Where in the zip: `engine1/swarmbridge`. */
  readonly as: string;
}

export interface ResultFiles {
  readonly rows: readonly ResultRow[];
  readonly engines: number;
  readonly users: number;
  readonly startMs: number;
  readonly spanMs: number;
  readonly records: readonly RecordFolder[];
}

const HEADER =
  "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect";

export const engineCsv = (engine: number, files: ResultFiles): string => {
  const users = Math.ceil(files.users / files.engines);
  const lines = files.rows
    .filter((row) => row.engine === engine)
    .map((row) => {
      const { elapsedMs, label, failure, bytes = 512 } = row;
      const code = row.responseCode ?? (failure === null ? "200" : "500");
      const at = Math.round(files.startMs + row.at * files.spanMs);
      const isGood = failure === null;
      const cells = [
        at,
        elapsedMs,
        label,
        code,
        isGood ? "OK" : "",
        "",
        "text",
        isGood,
        failure ?? "",
        bytes,
        0,
        users,
        users,
        "null",
        0,
        0,
        0,
      ];
      return cells.map((cell) => quoted(String(cell))).join(",");
    });
  return `${[HEADER, ...lines].join("\n")}\n`;
};

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const engineNumbers = ({ engines }: ResultFiles): readonly number[] =>
  Array.from({ length: engines }, (_, index) => index + 1);

export const resultsZip = (files: ResultFiles): Promise<Buffer> =>
  zipped([
    ...engineNumbers(files).map((engine) => [`engine${engine}_results.csv`, engineCsv(engine, files)] as const),
    ...recordFiles(files.records),
  ]);

export const logsZip = (files: ResultFiles): Promise<Buffer> =>
  zipped(
    engineNumbers(files).map((engine) => [
      `engine${engine}.log`,
      `WARNING/root: swarmbridge: engine ${engine} of ${files.engines}\n`,
    ]),
  );

export const reportZip = (): Promise<Buffer> =>
  zipped([["index.html", "<!doctype html><title>report</title><p>A fake run.</p>"]]);

export const recordFiles = (records: readonly RecordFolder[]): readonly (readonly [name: string, bytes: Buffer])[] =>
  records.flatMap(({ directory, as }) =>
    filesUnder(directory).map((path) => [`${as}/${path}`, readFileSync(join(directory, path))] as const),
  );

const filesUnder = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(directory, path)).isFile())
    .map((path) => path.replaceAll("\\", "/"));

const zipped = async (entries: readonly (readonly [name: string, content: string | Buffer])[]): Promise<Buffer> => {
  const zip = new yazl.ZipFile();
  for (const [name, content] of entries) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
