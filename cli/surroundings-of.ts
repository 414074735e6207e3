import { realWorld } from "../auth/real-world.ts";
import type { Surroundings } from "../auth/world.ts";
import type { Redactor } from "../bridge/redactor.ts";
import type { Lookup } from "../config/environment.ts";
import type { ServerSettings, Settings } from "../config/settings.ts";

interface Place {
  readonly settings: Settings;
  readonly environment: Lookup;
  readonly redactor: Redactor;
}

/** The real machine, as a strategy of this server sees it in a run; its events are nobody's here. */
export const surroundingsOf = (server: ServerSettings, { settings, environment, redactor }: Place): Surroundings => ({
  ...realWorld(settings.folder),
  lookup: environment,
  folder: settings.folder,
  server,
  report: () => undefined,
  learn: (secret) => redactor.learn(secret),
});
