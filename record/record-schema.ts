/** The JSON Schema of a record's files, made from the rules by which they are read: `node cli/write-schema.ts` writes it. */
import * as z from "zod";
import { failureGroupSchema } from "./failure-samples.ts";
import { RUN_SCHEMA, runFileSchema } from "./run-file.ts";
import { timelineRowSchema } from "./timeline.ts";

export const RECORD_SCHEMA_FILE = "run-record.schema.json";

/** 2020-12. The whole is of `run.json`; `$defs` has a row of `timeline.jsonl` and the content of `failures.json`. */
export const recordJsonSchema = (): unknown => {
  const { $schema, ...run } = plain(runFileSchema);
  const { $schema: _, ...timelineRow } = plain(timelineRowSchema);
  const { $schema: __, ...failures } = plain(z.array(failureGroupSchema));
  return {
    $schema,
    $id: `urn:swarmbridge:run-record:${RUN_SCHEMA}`,
    title: "The head of a run record, run.json (docs/run-record.md)",
    ...run,
    $defs: { timelineRow, failures },
  };
};

/** As a file holds it: what older records lack is not required. Fields may be added, so that unknown ones pass. */
const plain = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", reused: "inline" });
