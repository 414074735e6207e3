/** Makes of `loadtest.yaml`, `locust.conf` and the files beside them what Azure Load Testing gets, or says all that is wrong. */

import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { isFile, shownPath } from "../../config/find-file.ts";
import type { LoadedFile } from "../../config/settings.ts";
import type { FailureCriteria } from "../../gate/criterion.ts";
import { AzureError } from "../azure-error.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { checkAzure } from "./azure-rules.ts";
import { BUNDLE, findBundle, newerSource } from "./bundle.ts";
import { type Draft, openDraft } from "./draft.ts";
import { checkEnvironment, engineEnvironment, engineLookup } from "./engine-environment.ts";
import { engineLoad } from "./engine-load.ts";
import { isOnEngine } from "./engine-modules.ts";
import { type EngineSettings, engineSettings } from "./engine-settings.ts";
import { engineTargets } from "./engine-targets.ts";
import { readBeginning } from "./local-file.ts";
import { LOCUST_CONF, type LocustConf, readLocustConf } from "./locust-conf.ts";
import { type PythonSources, pythonSources } from "./python-sources.ts";
import { requirementsOf } from "./read-requirements.ts";
import type { TestDefinition } from "./test-definition.ts";
import { isOurName, uploadSet } from "./upload-set.ts";
import { checkWrittenTexts } from "./written-texts.ts";

/** Stands in where locust.conf has faults of its own, so that the others are found, too. */
const NO_LOAD = { users: 1, spawnRate: 1, runTimeSeconds: 1 };

/**
 * @param place folder that the command was started in, its environment, and the folder of the command
 * @throws {ConfigError} CONFIG_INVALID with all faults at once, in loadtest.yaml and in locust.conf
 * @throws {AzureError} AZURE_UNSET without an `azure` part
 */
export const defineTest = (
  { azure, ...file }: LoadedFile<FailureCriteria, AzureSettings | undefined>,
  place: Pick<Draft, "cwd" | "env" | "commandFolder">,
): TestDefinition => {
  if (azure === undefined)
    throw new AzureError("AZURE_UNSET", { place: file.settings.source, why: "it has no key azure" });
  const warnings: string[] = [];
  const draft = openDraft({ ...file, azure }, place, (sentence) => warnings.push(sentence));
  const conf = locustConf(draft);
  const shaped = conf === null ? null : engineLoad(draft, conf);
  const load = shaped?.load ?? NO_LOAD;
  checkAzure(draft, shaped?.load ?? null);
  checkEnvironment(draft);
  checkWrittenTexts(draft, file.failureCriteria);
  const env = engineEnvironment(draft, load, shaped?.shape ?? null);
  const lookup = engineLookup(draft, env);
  const settings = engineSettings(draft, lookup);
  const sources = pythonOf(draft);
  const requirements = requirementsOf(draft);
  warnOfModules(draft, sources, requirements);
  const targets =
    settings === null ? [] : engineTargets(draft, settings, { named: namedServers(sources, settings), lookup });
  const files =
    sources === null
      ? []
      : uploadSet(draft, {
          testPlan: sources.testPlan,
          beside: sources.files,
          bundle: bundleOf(draft, sources),
          locustConf: conf?.textWith(load) ?? "",
          settings: settings ?? { text: "", files: [] },
          requirements,
        });
  warnOfOutside(draft, files);
  draft.faults.throwIfAny();
  const { server } = file.failureCriteria;
  const client = file.failureCriteria.client.filter(({ isLocal }) => !isLocal);
  return { azure, load, client, server, autoStop: file.settings.autoStop, env, files, targets, warnings };
};

const LARGEST_CONF_BYTES = 1024 * 1024;

/** As Locust reads it: that of the working folder. Else the one beside loadtest.yaml. */
const locustConf = (draft: Draft): LocustConf | null => {
  const { cwd, settings, faults, warn } = draft;
  const path = [cwd, settings.folder].map((folder) => join(folder, LOCUST_CONF)).find(isFile);
  if (path === undefined) {
    faults.reportIn(
      LOCUST_CONF,
      1,
      "",
      "is not there: it says how many users there are (users), and for how long (run-time)",
    );
    return null;
  }
  const conf = readLocustConf(readBeginning(path, LARGEST_CONF_BYTES), shownPath(path, cwd), faults);
  for (const warning of conf?.warnings ?? []) warn(warning);
  return conf;
};

interface Sources extends PythonSources {
  /** Absolute. */
  readonly testPlan: string;
}

/** Servers that get users, as far as the locustfile says. */
const namedServers = (sources: PythonSources | null, { servers }: Pick<EngineSettings, "servers">): Set<string> => {
  const withTraffic = Object.values(servers).filter(({ traffic }) => traffic !== undefined);
  return new Set([...(sources?.servers ?? []), ...(sources?.runsTraffic ? withTraffic.map(({ name }) => name) : [])]);
};

const pythonOf = ({ azure, settings, faults, warn }: Draft): Sources | null => {
  const testPlan = resolve(settings.folder, azure.testPlan);
  if (!isFile(testPlan)) {
    faults.report(["azure", "testPlan"], `names ${azure.testPlan}, which is not there`);
    return null;
  }
  const sources = pythonSources(testPlan, isOurName);
  for (const name of sources.packages) {
    faults.report(
      ["azure", "testPlan"],
      `imports ${name}, a folder, and an engine has none: make it one file, or name the package in azure.requirements`,
    );
  }
  for (const { source, path } of sources.paths) {
    warn(
      `${source} names ${path}: on an engine that file lies beside it, as ${basename(path)}. Name it so, here as well.`,
    );
  }
  if (sources.named.length > 0) {
    const names = sources.named.map((path) => basename(path)).join(", ");
    warn(`${names}: goes up only since a locustfile has that name in a text. Is it the test's?`);
  }
  return { testPlan, ...sources };
};

/** Only a warning: a package may bring modules of any name. */
const warnOfModules = ({ warn }: Draft, sources: Sources | null, requirements: string): void => {
  for (const { module, source, line } of sources?.elsewhere ?? []) {
    if (isOnEngine(module, requirements)) continue;
    warn(
      `${source}, line ${line}, imports ${module}: no file here, and none of Python, Locust or requirements.txt by its name. Name its package in azure.requirements.`,
    );
  }
};

/** A link may lead out of the project, too. */
const warnOfOutside = ({ cwd, settings, azure, warn }: Draft, files: TestDefinition["files"]): void => {
  const plan = dirname(resolve(settings.folder, azure.testPlan));
  const inside = [cwd, settings.folder, plan].filter(existsSync).map((folder) => realpathSync(folder));
  const outside = files.filter(({ from, name }) => {
    if (!("path" in from) || name === BUNDLE) return false;
    const real = realpathSync(from.path);
    return inside.every((folder) => !real.startsWith(join(folder, sep)));
  });
  if (outside.length > 0) warn(`${outside.map(({ name }) => name).join(", ")}: goes up from outside of this project.`);
};

const bundleOf = ({ env, cwd, commandFolder, faults, warn }: Draft, { testPlan, files }: Sources): string | null => {
  const bundle = findBundle(testPlan, files, { env, cwd, commandFolder });
  if (bundle === null) {
    faults.report(["azure"], "needs the bridge, dist/bridge.cjs, which is not built: type npm run build");
    return null;
  }
  const newer = newerSource(bundle);
  if (newer !== null) warn(`dist/bridge.cjs is older than ${newer}: npm run build makes it anew.`);
  return bundle;
};
