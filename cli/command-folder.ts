import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the command itself: `dist` where it is bundled as CommonJS, which has no `import.meta.url`; else that of this file. */
export const COMMAND_FOLDER = dirname(typeof __filename === "string" ? __filename : fileURLToPath(import.meta.url));
