/** `swarmbridge ceiling`: searches, keeps what was found after each step, and says it. */

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { compareWith } from "../../capacity/ceiling/baseline.ts";
import {
  type CeilingHead,
  ceilingJson,
  type Found,
  foundOf,
  parseCeiling,
  UNITS,
} from "../../capacity/ceiling/ceiling-file.ts";
import { headline, remarks, TABLE_HEAD, tableRows } from "../../capacity/ceiling/ceiling-lines.ts";
import type { Plan } from "../../capacity/ceiling/next-step.ts";
import { search } from "../../capacity/ceiling/search.ts";
import type { StepMeasure } from "../../capacity/ceiling/step.ts";
import { pictureOf } from "../../capacity/picture/picture.ts";
import { terminalPlot } from "../../capacity/picture/terminal-plot.ts";
import { urlWithoutQuery } from "../../config/describe.ts";
import { isFile } from "../../config/find-file.ts";
import { durationText, msText } from "../../record/duration-text.ts";
import { makeFolder } from "../../record/record-files.ts";
import { tableLines, wrapped } from "../../record/text-table.ts";
import { ceilingDocument } from "../../report/ceiling-document.ts";
import { readPageFiles } from "../../report/html/page-files.ts";
import { renderHtml } from "../../report/html/render-html.ts";
import { documentMarkdown } from "../../report/markdown.ts";
import { CommandError } from "../command-error.ts";
import { EXIT, EXIT_OF_SIGNAL } from "../exit-code.ts";
import { loadFor } from "../load-for.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { serversNamed } from "../servers-named.ts";
import { takeSignals } from "../take-signals.ts";
import { writeNamedFile, writeNamedMarkdown, writeOwnFile } from "../written-file.ts";
import { descriptorLimit, refuseTooMany, refuseWithoutDescriptors } from "./admitted.ts";
import { locustPython, locustStep } from "./locust-step.ts";
import { limitsOf, mostOf, planOf, SHORT_STEP_MS, type TypedOptions, timesOf } from "./search-options.ts";

export interface CeilingOptions extends TypedOptions {
  readonly server: string | undefined;
  readonly locust: readonly string[];
  readonly config?: string;
  readonly locustfile?: string;
  readonly perSession?: boolean;
  readonly expect?: number;
  readonly resume?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly markdown?: string;
  readonly python?: string;
  readonly json?: boolean;
}

export const CEILING_FILE = "ceiling.json";
const PAGE_FILE = "ceiling.html";
const OTHERWISE = "let SWARMBRIDGE_RESULTS name a folder with room that can be written to";
const LOCUSTFILES = ["multi.py", "locustfile.py", join("locustfiles", "from_yaml.py")] as const;

/**
 * @returns the exit code
 * @throws {CommandError} for options, files and servers that are none, and when Locust cannot run
 * @throws {ConfigError} what `loadFor` throws
 */
export const ceiling = async (options: CeilingOptions, output: Output): Promise<number> => {
  const { style, env, redactor } = output;
  const say = (text: string): void => output.print(redactor.clean(text));
  const tell = options.json === true ? () => undefined : say;
  if (options.locust[0]?.startsWith("-") === false) {
    throw new CommandError(
      `${options.locust[0]} is one word too many: a ceiling is one server's; options for Locust stand behind --`,
    );
  }
  const [server, ...others] = serversNamed(loadFor(options.config), options.server);
  if (server === undefined || others.length > 0) {
    throw new CommandError(
      `a ceiling is one server's: name it, such as swarmbridge ceiling ${server?.name ?? "learn"}`,
    );
  }
  const plan = planOf(options);
  const times = timesOf(options);
  const { limits, from } = limitsOf(options.slo, server);
  const shape = options.perSession === true ? "calls" : "sessions";
  const baseline = options.baseline === undefined ? null : foundOf(savedAt("--baseline", options.baseline));
  refuseTooMany(server, mostOf(plan));
  refuseWithoutDescriptors(mostOf(plan), descriptorLimit());
  const cwd = process.cwd();
  const locustfile = locustfileOf(options.locustfile, cwd);
  const python = await locustPython(options.python, cwd, env);

  // Before the load: a search that cannot write its page shall not first run for an hour.
  const page = readPageFiles();
  const started = new Date();
  const id = newId(started);
  const folder = options.resume === undefined ? join(resultsFolder(env), id) : resolve(options.resume);
  let head: CeilingHead = {
    schema: 1,
    id,
    server: server.name,
    address: urlWithoutQuery(server.url),
    shape,
    limits,
    stepMs: times.stepMs,
    plan: plan.kind === "ladder" ? { ...plan, steps: [...plan.steps] } : plan,
    startedAt: started.toISOString(),
    state: "running",
    steps: [],
  };
  if (options.resume !== undefined) head = resumed(savedAt("--resume", join(folder, CEILING_FILE)), head);
  makeFolder(folder);
  const save = (state: CeilingHead["state"], steps: readonly StepMeasure[]): Found => {
    head = { ...head, state, steps: steps as CeilingHead["steps"] };
    const found = foundOf(head);
    writeOwnFile(join(folder, CEILING_FILE), redactor.cleanJson(ceilingJson(found)), OTHERWISE);
    const document = redactor.cleanValue(ceilingDocument(found, options.expect ?? null));
    writeOwnFile(join(folder, PAGE_FILE), renderHtml(document, page), OTHERWISE);
    return found;
  };

  tell(style.bold(`ceiling of ${server.name}, in ${UNITS[shape]}`));
  tell(`  limits: p99 ${msText(limits.p99Ms)} ms, failures ${limits.errorPercent}% (${from})`);
  const warmUp = times.warmUpMs === 0 ? "without warm-up" : `behind ${durationText(times.warmUpMs)} of warm-up`;
  tell(`  ${planText(plan)}; ${durationText(times.stepMs)} each ${warmUp}`);
  if (times.stepMs < SHORT_STEP_MS) {
    tell(
      style.yellow(
        "  steps under two minutes miss what comes slowly: garbage collections, pools, limits further behind",
      ),
    );
  }

  const stop = new AbortController();
  let signal: keyof typeof EXIT_OF_SIGNAL | null = null;
  const release = takeSignals((taken) => {
    // Locust was told already, and ends by itself.
    if (signal !== null) process.exit(EXIT_OF_SIGNAL[taken]);
    signal = taken;
    tell("  ending the step; once more leaves at once");
    stop.abort();
  });
  let failure: { readonly error: unknown } | null = null;
  try {
    await search(
      {
        plan,
        limits,
        runStep: locustStep({
          ...{ python, locustfile, server: server.name, shape, folder, env: environmentOf(options, env, cwd) },
          ...{ stepMs: times.stepMs, warmUpMs: times.warmUpMs, locust: options.locust, signal: stop.signal },
        }),
        pause: () => wait(times.pauseMs, undefined, { signal: stop.signal }).catch(() => undefined),
        onStep: (all) => {
          const found = save("running", all);
          tell(stepLine(found, all.at(-1)?.sessions ?? 0));
        },
        isOver: () => stop.signal.aborted,
      },
      stepsOf(head),
    );
  } catch (error) {
    // What was found until then is worth as much as before.
    failure = { error };
  } finally {
    release();
  }
  const found = save(signal === null && failure === null ? "complete" : "interrupted", stepsOf(head));
  if (failure !== null && found.levels.length === 0) throw failure.error;
  const expected = options.expect ?? null;
  if (options.json === true) say(redactor.cleanJson(ceilingJson(found)).trimEnd());
  else say(answerText(found, expected, style.columns));
  tell(`\n  ${join(folder, PAGE_FILE)}`);
  if (options.markdown !== undefined) {
    writeNamedMarkdown(options.markdown, documentMarkdown(redactor.cleanValue(ceilingDocument(found, expected))), env);
  }
  if (failure !== null) throw failure.error;
  if (signal !== null) return EXIT_OF_SIGNAL[signal];
  return judged(found, baseline, options, tell);
};

const planText = (plan: Plan): string =>
  plan.kind === "ladder" ? `steps ${plan.steps.join(", ")}` : `steps adaptive from ${plan.from} to ${plan.max}`;

const stepsOf = ({ steps }: CeilingHead): readonly StepMeasure[] => steps;

const judged = (
  found: Found,
  baseline: Found | null,
  { writeBaseline }: CeilingOptions,
  tell: (text: string) => void,
): number => {
  let code: number = found.answer.kind === "unknown" ? EXIT.notJudged : EXIT.fine;
  if (baseline !== null) {
    const { verdict, why } = compareWith(baseline, found);
    tell(`  baseline ${verdict}: ${why}`);
    code = { held: code, fallen: EXIT.failed, "not-judged": EXIT.notJudged }[verdict];
  }
  // A search without an answer is nothing to compare with later.
  if (writeBaseline !== undefined && found.answer.kind !== "unknown") {
    writeNamedFile("--write-baseline", writeBaseline, ceilingJson(found));
  }
  return code;
};

const answerText = (found: Found, expected: number | null, columns: number): string =>
  [
    "",
    ...wrapped(headline(found), columns),
    ...remarks(found, expected).flatMap((line) => wrapped(line, columns - 2).map((part) => `  ${part}`)),
    "",
    ...(found.levels.length === 0 ? [] : tableLines([TABLE_HEAD, ...tableRows(found)], columns)),
    "",
    ...terminalPlot(pictureOf(found), columns),
  ].join("\n");

const stepLine = (found: Found, sessions: number): string => {
  const row = tableRows(found).find(([count]) => count === String(sessions)) ?? [];
  const [, open, calls, failed, , , p99, , verdict] = row;
  return `  ${String(sessions).padStart(6)}: ${calls} calls, ${failed} failed, p99 ${p99} ms, ${open} open  ${verdict}`;
};

const locustfileOf = (named: string | undefined, cwd: string): string => {
  if (named !== undefined) {
    if (isFile(resolve(cwd, named))) return named;
    throw new CommandError(`-f names ${named}, which is not a file: correct it`);
  }
  const found = LOCUSTFILES.find((name) => isFile(join(cwd, name)));
  if (found !== undefined) return found;
  throw new CommandError(`there is no ${LOCUSTFILES[0]} in this folder: name the locustfile with -f`);
};

/** A locustfile in another folder imports our modules, too. */
const environmentOf = ({ config }: CeilingOptions, env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv => {
  const folders = [join(cwd, "locustfiles"), env.PYTHONPATH ?? ""].filter((each) => each !== "");
  return {
    ...env,
    PYTHONPATH: folders.join(delimiter),
    ...(config !== undefined && { SWARMBRIDGE_CONFIG: resolve(config) }),
  };
};

const savedAt = (option: string, file: string): CeilingHead => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new CommandError(`${option} names ${file}, which cannot be read: --write-baseline writes one`);
  }
  const head = parseCeiling(text);
  if (head !== null) return head;
  throw new CommandError(`${option} names ${file}, which is no ceiling.json of this version`);
};

/** @throws {CommandError} when the steps of the two could not stand beside each other */
const resumed = (before: CeilingHead, now: CeilingHead): CeilingHead => {
  for (const key of ["server", "shape", "stepMs"] as const) {
    if (before[key] === now[key]) continue;
    throw new CommandError(
      `--resume: that search has ${key} ${before[key]}, and this one ${now[key]}: type it as then`,
    );
  }
  if (before.address !== undefined && before.address !== now.address) {
    throw new CommandError(
      `--resume: that search was of ${before.address}, and this one is of ${now.address}: begin a new one`,
    );
  }
  if (before.plan !== undefined && now.plan !== undefined && !isDeepStrictEqual(before.plan, now.plan)) {
    throw new CommandError(
      `--resume: that search has ${planText(before.plan)}, and this one ${planText(now.plan)}: type them as then`,
    );
  }
  // Those that ended a search and proved nothing about the server are run again.
  const steps = before.steps.filter(({ cutOff, opened }) => cutOff === null && opened > 0);
  return { ...before, steps, state: "running", limits: now.limits };
};

const newId = (at: Date): string => {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const time = `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  return `${day}-${time}-ceiling-${randomBytes(2).toString("hex")}`;
};
