import type { Writable } from "node:stream";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import type { ResultSource } from "../../../azure/engines/result-source.ts";
import { type ResultRow, readRows } from "../../../azure/engines/row-reader.ts";
import { csv, START_MS } from "./made-results.ts";

const sourceOf = (text: string): ResultSource => ({
  name: "engine1_results.csv",
  place: "results.zip/engine1_results.csv",
  isNeeded: true,
  copyTo: async (sink: Writable) => {
    await pipeline(Readable.from([Buffer.from(text)]), sink);
    return { bytes: text.length, crc: 0 };
  },
});

const rowsOf = async (text: string): Promise<ResultRow[]> => {
  const rows: ResultRow[] = [];
  await readRows(sourceOf(text), (row) => rows.push(row));
  return rows;
};

const failed = (message: string) => csv([{ name: "a:ping", atMs: 0, elapsedMs: 5, isOk: false, code: "500", message }]);

test("columns are found by their names, in any order and case, and those that are not needed may be missing", async () => {
  expect(await rowsOf("label,SUCCESS,elapsed,timeStamp\na:ping,TRUE,20,1000\n")).toEqual([
    { name: "a:ping", endMs: 1_020, elapsedMs: 20, isOk: true, responseCode: "", message: "", bytesIn: 0, bytesOut: 0 },
  ]);
});

test.each(["0x10", "1e3", " 5 ", "-1", "Infinity", "NaN", ""])("%j is no time", async (time) => {
  expect(await rowsOf(`timeStamp,elapsed,label,success\n1000,${time},a:ping,true\n${time},5,a:ping,true\n`)).toEqual(
    [],
  );
});

test("an operation ends its own time after the row's stamp", async () => {
  const [row] = await rowsOf(csv([{ name: "a:ping", atMs: 900, elapsedMs: 250 }]));
  expect(row?.endMs).toBe(START_MS + 1_150);
});

test.each([
  ["GET https://host.example/mcp?api_key=sesame failed", "GET https://host.example/mcp?[removed] failed"],
  ["refused: Authorization: Bearer eyJhbGciOi.J9-x_y", "refused: Authorization: Bearer [removed]"],
  ["no answer within the time limit", "no answer within the time limit"],
])("a message keeps no query and no credential: %s", async (message, kept) => {
  const [row] = await rowsOf(failed(message));
  expect(row?.message).toBe(kept);
});

test("what goes wrong with whoever takes the rows is not told as the file's fault", async () => {
  const full = new Error("no space left");
  const taking = readRows(sourceOf(failed("x")), () => {
    throw full;
  });
  await expect(taking).rejects.toBe(full);
});
