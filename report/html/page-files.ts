/** The script and the style that a page carries in itself, made by `npm run build` from `report/page/`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
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

/** Beside the bundle, a CommonJS file that has a `__dirname`; from the sources, which have none, where the build puts it. */
const builtFolder = (): string => (typeof __dirname === "string" ? __dirname : join(import.meta.dirname, "../../dist"));
