/** What `swarmbridge azure rehearse` says before, during and after, and the exit code that follows from it. */

import { join, resolve } from "node:path";
import { pythonSources } from "../../azure/definition/python-sources.ts";
import { isOurName } from "../../azure/definition/upload-set.ts";
import { mergeEngines } from "../../azure/rehearsal/collect-records.ts";
import { type EngineEnd, faultsOf, foundLine, warningsOf } from "../../azure/rehearsal/engine-end.ts";
import type { EngineStart } from "../../azure/rehearsal/engine-start.ts";
import { serverFaults } from "../../azure/rehearsal/server-faults.ts";
import type { UploadFolder } from "../../azure/rehearsal/upload-folder.ts";
import { newTestRunId } from "../../azure/run/test-run-id.ts";
import { shownPath } from "../../config/find-file.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { findingLines } from "../../diagnosis/finding-lines.ts";
import type { Page } from "../../record/page.ts";
import { summarize } from "../../record/summary.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { ENGINE_LOCUST, ENGINE_PYTHON, isEnginePython, type Python } from "./engine-python.ts";

const EVERY_MS = 10_000;

interface Telling {
  readonly folder: UploadFolder;
  readonly python: Python;
  readonly starts: readonly EngineStart[];
  readonly runTimeSeconds: number;
  readonly output: Output;
}

export const tellPlan = ({ folder, python, starts, runTimeSeconds, output }: Telling): void => {
  const users = starts.map((start) => start.users).join(" + ");
  say(output, "folder", `${shownPath(folder.dir, process.cwd())}: ${folder.files.length} files, ${folder.testPlan}`);
  say(output, "python", `${python.version} (${python.command}), Locust ${ENGINE_LOCUST}`);
  if (!isEnginePython(python)) {
    warn(output, `an engine has Python ${ENGINE_PYTHON}, and this is another one: --python names one`);
  }
  say(output, "engines", `${starts.length} of ${folder.engines}, ${users} users, ${runTimeSeconds} s`);
  say(output, "command", `locust ${starts[0]?.words.join(" ") ?? ""}`);
  say(output, "", output.style.dim("Azure does not document the words with which it starts Locust: these are ours."));
};

/** @returns the timer that repeats it, to be cleared */
export const tellProgress = (output: Output, runTimeSeconds: number): NodeJS.Timeout => {
  const began = Date.now();
  return setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    say(output, "running", seconds < runTimeSeconds ? `${seconds} s of ${runTimeSeconds} s` : "the users are leaving");
  }, EVERY_MS);
};

interface Told {
  readonly folder: UploadFolder;
  /** The engines' folders stay. */
  readonly isKept: boolean;
  readonly output: Output;
}

/** @returns the exit code */
export const tellEnds = (ends: readonly EngineEnd[], { folder, isKept, output }: Told): number => {
  const { red, green, columns } = output.style;
  for (const end of ends) {
    const found = foundLine(end);
    if (found !== null) say(output, `engine ${end.number}`, found.replace(/; the record lies in .*/, ""));
    for (const warning of warningsOf(end)) warn(output, `engine ${end.number}: ${warning}`);
    for (const fault of faultsOf(end)) say(output, `engine ${end.number}`, red(fault));
  }
  const id = newTestRunId(`rehearsal-${folder.testPlan}`, new Date());
  const runDir = resolve(output.env.SWARMBRIDGE_RESULTS || "results", id);
  const record = mergeEngines(runDir, id, ends);
  if (record !== null) {
    output.print("");
    const verdict = (page: Page) => findingLines(diagnose(record), page);
    output.print(output.redactor.clean(summarize(record, { columns, color: red("") !== "", verdict })).trimEnd());
    output.print("");
  }
  const failed = ends.filter((end) => faultsOf(end).length > 0).length;
  const { servers: named } = pythonSources(join(folder.dir, folder.testPlan), isOurName);
  const unshown = record === null ? [] : serverFaults({ ends, record, named });
  for (const fault of unshown) say(output, "servers", red(fault));
  if (failed > 0) {
    if (!isKept) say(output, "logs", "--keep leaves each engine's folder, with Locust's whole log in it");
    say(output, "rehearsal", red(`${failed} of ${ends.length} engines would fail at Azure`));
    return EXIT.wrongInput;
  }
  if (unshown.length > 0) {
    say(output, "rehearsal", red("the engines ran, but not with every server"));
    return EXIT.wrongInput;
  }
  say(output, "rehearsal", green("this folder runs on an engine, as far as this machine can say"));
  return EXIT.fine;
};

const LABEL_COLUMNS = 11;

export const say = (output: Output, label: string, text: string): void => {
  output.print(output.redactor.clean(`${label.padEnd(LABEL_COLUMNS)}${text}`));
};

export const warn = (output: Output, text: string): void => say(output, "note", output.style.yellow(text));
