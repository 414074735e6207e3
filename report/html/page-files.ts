/** The script and the style that a page carries in itself, made by `npm run build` from `report/page/`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ReportError } from "../report-error.ts";

export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

/** @throws {ReportError} PAGE_NOT_BUILT */
export const readPageFiles = (folder = builtFolder()): PageFiles => {
  try {
    return { script: read(folder, "report-page.js"), style: read(folder, "report-page.css") };
  } catch (cause) {
    throw new ReportError("PAGE_NOT_BUILT", { dir: folder }, { cause });
  }
};

const read = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8").trim();

/** From the sources, where the build puts it; in a bundle there is no `import.meta.url`, and it lies beside the bundle. */
const builtFolder = (): string => {
  const here: string | undefined = import.meta.url;
  return here === undefined ? __dirname : fileURLToPath(new URL("../../dist", here));
};
