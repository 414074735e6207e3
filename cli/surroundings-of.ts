import { realWorld } from "../auth/real-world.ts";
import type { Surroundings } from "../auth/world.ts";
import type { Redactor } from "../bridge/redactor.ts";
import { environmentOf } from "../config/environment.ts";
import type { ServerSettings, Settings } from "../config/settings.ts";

interface Place {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly redactor: Redactor;
}

/** The real machine, as a strategy of this server sees it in a run; its events are nobody's here. */
export const surroundingsOf = (server: ServerSettings, { settings, env, redactor }: Place): Surroundings => ({
  ...realWorld(settings.folder),
  lookup: environmentOf(settings, env),
  folder: settings.folder,
  server,
  report: () => undefined,
  learn: (secret) => redactor.learn(secret),
});
