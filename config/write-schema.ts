/** Writes `loadtest.schema.json`: `node config/write-schema.ts`. A test fails when the file is stale. */

import { writeFileSync } from "node:fs";
import { jsonSchema } from "./file-schema.ts";

writeFileSync(new URL("../loadtest.schema.json", import.meta.url), `${JSON.stringify(jsonSchema(), null, 2)}\n`);
