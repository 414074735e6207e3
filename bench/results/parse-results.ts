/** The peer: csv-parse alone reads the same bytes to arrays and does nothing with them. Reports time and peak memory. */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { writeReport } from "../assignment.ts";
import { measured } from "./measured.ts";

const [, ...files] = process.argv.slice(2);

const report = await measured(async () => {
  let rows = 0;
  for (const file of files) {
    const parser = parse({
      from_line: 2,
      on_record: () => {
        rows += 1;
        return null;
      },
    });
    parser.resume();
    await pipeline(createReadStream(file), parser);
  }
  return rows;
});
writeReport(report);
