/** Writes `loadtest.schema.json`: `node cli/write-schema.ts`. A test fails when the file is stale. */

import { writeFileSync } from "node:fs";
import { jsonSchema } from "../config/file-schema.ts";
import { FILE_PARTS } from "./file-parts.ts";

const text = `${JSON.stringify(jsonSchema(FILE_PARTS), null, 2)}\n`;
writeFileSync(new URL("../loadtest.schema.json", import.meta.url), text);
