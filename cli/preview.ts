/** `swarmbridge preview`: draws the plan of a run, with what it will not show. Starts nothing, asks nobody. */

import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import { planText } from "../traffic/shape/load-plan.ts";
import { userMinutes } from "../traffic/shape/stage.ts";
import { EXIT } from "./exit-code.ts";
import { loadFor } from "./load-for.ts";
import type { Output } from "./output.ts";
import { type Given, locustLoad } from "./preview/locust-load.ts";
import { type Preview, previewOf } from "./preview/preview-of.ts";
import { previewText } from "./preview/preview-text.ts";

export interface PreviewOptions extends Given {
  readonly config: string | undefined;
  readonly json: boolean;
}

/**
 * @returns the exit code; warnings fail nothing
 * @throws {ConfigError} for a faulty file, and for what is no shape
 * @throws {CommandError} when nothing says how long the run is
 */
export const preview = ({ config, json, ...given }: PreviewOptions, output: Output): number => {
  const seen = previewOf(settingsOr(config), locustLoad(given, process.cwd(), output.env));
  output.print(json ? JSON.stringify(toJson(seen)) : previewText(seen, output.style));
  return EXIT.fine;
};

/** Stages that are typed can be drawn without a file. */
const settingsOr = (config: string | undefined): Settings | null => {
  try {
    return loadFor(config);
  } catch (error) {
    if (error instanceof ConfigError && error.code === "CONFIG_MISSING") return null;
    throw error;
  }
};

const toJson = ({ name, plan, peak, servers, warnings }: Preview) => ({
  version: 1,
  name,
  stages: planText(plan),
  seconds: plan.lengthMs / 1000,
  peakUsers: peak,
  userMinutes: plan.scenarios.reduce((sum, { segments }) => sum + userMinutes(segments), 0),
  scenarios: plan.scenarios.map((scenario) => ({
    name: scenario.name,
    shape: scenario.shape,
    servers: scenario.servers,
    classes: scenario.classes,
    segments: scenario.segments,
  })),
  servers,
  warnings,
});
