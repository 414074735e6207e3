/** Writes the JSON Schemas that the package carries: `node cli/write-schema.ts`. A test fails when one is stale. */

import { writeFileSync } from "node:fs";
import { jsonSchema } from "../config/file-schema.ts";
import { RECORD_SCHEMA_FILE, recordJsonSchema } from "../record/record-schema.ts";
import { FILE_PARTS } from "./file-parts.ts";

const SCHEMAS = {
  "loadtest.schema.json": jsonSchema(FILE_PARTS),
  [RECORD_SCHEMA_FILE]: recordJsonSchema(),
};

for (const [name, schema] of Object.entries(SCHEMAS)) {
  writeFileSync(new URL(`../${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
