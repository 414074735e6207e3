/** The project's `requirements.txt` and `azure.requirements`, checked, as one file for the engines. */

import { dirname, join, resolve } from "node:path";
import { isFile, shownPath } from "../../config/find-file.ts";
import type { Draft } from "./draft.ts";
import { engineRequirements, REQUIREMENTS, requirementLines, secretInLine } from "./engine-requirements.ts";
import { readBeginning } from "./local-file.ts";

/** With hashes of many wheels a line each. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/** @throws {AzureError} AZURE_FILE when the file cannot be read */
export const requirementsOf = ({ azure, settings, cwd, faults, warn }: Draft): string => {
  const folders = [settings.folder, dirname(resolve(settings.folder, azure.testPlan))];
  const path = folders.map((folder) => join(folder, REQUIREMENTS)).find(isFile);
  const written = path === undefined ? [] : requirementLines(readBeginning(path, LARGEST_BYTES), shownPath(path, cwd));
  const added = azure.requirements.map((text, at) => ({ text: text.trim(), source: null, at }));
  for (const line of [...written, ...added]) {
    const holds = secretInLine(line);
    if (holds === null) continue;
    const sentence = `would upload ${holds}: take it out`;
    if (line.source === null) faults.report(["azure", "requirements", line.at], sentence);
    else faults.reportIn(line.source, line.at, "", sentence);
  }
  const { text, warnings } = engineRequirements([...written, ...added]);
  for (const warning of warnings) warn(warning);
  return text;
};
