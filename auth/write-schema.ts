/** Writes `loadtest.schema.json`: `node auth/write-schema.ts`. A test fails when the file is stale. */

import { writeFileSync } from "node:fs";
import { jsonSchema } from "../config/file-schema.ts";
import { authSchema } from "./auth-schema.ts";

const text = `${JSON.stringify(jsonSchema(authSchema), null, 2)}\n`;
writeFileSync(new URL("../loadtest.schema.json", import.meta.url), text);
