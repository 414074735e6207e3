/** CSVs as eight engines of a run of ten minutes leave them: 20 tools of four servers, rows in the order of their starts. */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

export const ENGINES = 8;
export const STARTED_MS = Date.parse("2026-03-01T10:00:00Z");
export const RUN_MS = 600_000;
const TOOLS = 20;
const SERVERS = 4;
const USERS = 50;
const LONGEST_MS = 2_000;
const ROWS_A_WRITE = 5_000;
const HEADER =
  "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect";

/** @param rows of all engines together, a multiple of their number @returns the files' paths */
export const writeRowSet = (folder: string, rows: number): string[] =>
  Array.from({ length: ENGINES }, (_, index) => {
    const path = join(folder, `engine${index + 1}_results.csv`);
    writeEngine(path, index, rows / ENGINES);
    return path;
  });

const writeEngine = (path: string, engine: number, rows: number): void => {
  const file = openSync(path, "w");
  try {
    writeSync(file, `${HEADER}\n`);
    for (let from = 0; from < rows; from += ROWS_A_WRITE) {
      const lines = Array.from({ length: Math.min(ROWS_A_WRITE, rows - from) }, (_, at) =>
        line(engine, from + at, rows),
      );
      writeSync(file, lines.join(""));
    }
  } finally {
    closeSync(file);
  }
};

/** Every hundredth failed. No chance in it: two runs of the bench read the same bytes. */
const line = (engine: number, row: number, rows: number): string => {
  const elapsedMs = 1 + ((row * 7_919 + engine * 31) % LONGEST_MS);
  const isOk = row % 100 !== 99;
  return `${[
    STARTED_MS + Math.floor((row / rows) * RUN_MS),
    elapsedMs,
    `server${row % SERVERS}:tools/call:tool${row % TOOLS}`,
    isOk ? 200 : 500,
    isOk ? "OK" : "",
    `Thread-${row % USERS}`,
    "text",
    isOk,
    isOk ? "" : '"HTTP 5xx: upstream, try again"',
    500 + (row % 100),
    200,
    USERS,
    USERS,
    "null",
    elapsedMs,
    0,
    1,
  ].join(",")}\n`;
};
