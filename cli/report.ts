/** `swarmbridge report`: writes one run record as a page, as Markdown, or as both. */
import { join } from "node:path";
import { ConfigError } from "../config/config-error.ts";
import { judge } from "../gate/judge.ts";
import type { Verdict } from "../gate/verdict.ts";
import type { RunRecord } from "../record/read-run.ts";
import { contextOf } from "../report/context.ts";
import { documentOf } from "../report/document-of.ts";
import { readPageFiles } from "../report/html/page-files.ts";
import { renderHtml } from "../report/html/render-html.ts";
import { documentMarkdown } from "../report/markdown.ts";
import { readAhead } from "../report/read-ahead.ts";
import { EXIT } from "./exit-code.ts";
import { loadCriteriaFor } from "./load-for.ts";
import type { Output } from "./output.ts";
import { recordOf, resultsFolder, runFolder } from "./run-folder.ts";
import { surroundingsOf } from "./run-surroundings.ts";
import { refuseNamedTwice, writeNamedFile, writeNamedMarkdown, writeOwnFile } from "./written-file.ts";

export interface ReportOptions {
  /** Folder or id; undefined: the newest. */
  readonly run: string | undefined;
  readonly config: string | undefined;
  /** undefined: `report.html` beside the record. */
  readonly output: string | undefined;
  /** true: to standard output, in the place of the page. */
  readonly markdown: string | boolean;
}

const PAGE = "report.html";

/**
 * @returns the exit code
 * @throws {CommandError} for a run or file that is none
 * @throws {ConfigError} what `loadFile` throws
 * @throws {RecordError} what `recordOf` throws
 * @throws {ReportError} PAGE_NOT_BUILT
 */
export const report = (options: ReportOptions, { print, env, redactor }: Output): number => {
  const { run, output, markdown } = options;
  const folder = runFolder(run, resultsFolder(env));
  const file = output ?? join(folder, PAGE);
  refuseNamedTwice({ "--output": file, "--markdown": markdown });
  const record = recordOf(folder);
  readAhead(record);
  const around = surroundingsOf(record, verdictOn(record, options.config), new Date());
  const document = redactor.cleanValue(documentOf(contextOf(record, around)));

  if (markdown === true) print(documentMarkdown(document).trimEnd());
  if (typeof markdown === "string") {
    writeNamedMarkdown(markdown, documentMarkdown(document), env);
    print(`the report as Markdown: ${markdown}`);
  }
  if (markdown === true && output === undefined) return EXIT.fine;
  const page = renderHtml(document, readPageFiles());
  if (output === undefined) writeOwnFile(file, page, "name another place with -o FILE");
  else writeNamedFile("--output", file, page);
  if (markdown !== true) print(`the report: ${file}`);
  return EXIT.fine;
};

/** A record from elsewhere has no loadtest.yaml here: then the profile smoke says what can be said. */
const verdictOn = (record: RunRecord, config: string | undefined): Verdict => {
  try {
    return judge(record, loadCriteriaFor(config));
  } catch (error) {
    if (error instanceof ConfigError && error.code === "CONFIG_MISSING") {
      return judge(record, { profile: null, client: [], server: [] });
    }
    throw error;
  }
};
