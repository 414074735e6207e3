/** `swarmbridge probe`: looks at servers at a light, even pace for hours or days, and keeps what it saw. */

import { once } from "node:events";
import { figuresOf } from "../../capacity/probe/figures.ts";
import { countText } from "../../record/duration-text.ts";
import { CommandError } from "../command-error.ts";
import { EXIT, EXIT_OF_SIGNAL } from "../exit-code.ts";
import { loadFor } from "../load-for.ts";
import { LoneSessions } from "../lone-sessions.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { serversNamed } from "../servers-named.ts";
import { takeSignals } from "../take-signals.ts";
import { timeOf } from "../time-option.ts";
import { figureLines, probeText } from "./figure-lines.ts";
import { historyPath, refuseTooLarge } from "./history-file.ts";
import { KeptHistory } from "./kept-history.ts";
import { everySoOften } from "./pace.ts";
import { toolCallOf } from "./tool-call.ts";
import { WatchedServer } from "./watched-server.ts";

export interface ProbeOptions {
  /** None: all of the file. */
  readonly servers: readonly string[];
  /** Names that are commands where they are typed first. */
  readonly commands?: readonly string[];
  readonly config?: string;
  readonly every?: string;
  readonly for?: string;
  readonly once?: boolean;
  readonly tool?: string;
  readonly args?: string;
  readonly mayWrite?: boolean;
  readonly history?: string;
  readonly json?: boolean;
}

const DEFAULT_EVERY = "60s";
const SHORTEST_EVERY_MS = 1_000;
/** Node's timers cannot wait for longer than 24 days. */
const LONGEST_EVERY_MS = 24 * 3_600_000;

/**
 * @returns the exit code
 * @throws {CommandError} for options and servers that are none, and a history that cannot be written
 * @throws {ConfigError} what `loadFor` throws
 */
export const probe = async (options: ProbeOptions, output: Output): Promise<number> => {
  const { env, redactor, print, style } = output;
  const tell = (text: string): void => (options.json === true ? undefined : print(redactor.clean(text)));
  const settings = loadFor(options.config);
  const misplaced = options.servers.find((name) => options.commands?.includes(name) && !(name in settings.servers));
  if (misplaced !== undefined) {
    throw new CommandError(
      `${misplaced} is a command: write it before its options, as in swarmbridge probe ${misplaced}`,
    );
  }
  const servers =
    options.servers.length === 0
      ? serversNamed(settings, undefined)
      : [...new Set(options.servers)].flatMap((name) => serversNamed(settings, name));
  if (options.history !== undefined && servers.length > 1) {
    throw new CommandError("--history names one file: name one server, too");
  }
  const call = toolCallOf(options);
  const everyMs = timeOf("--every", options.every ?? DEFAULT_EVERY);
  if (everyMs < SHORTEST_EVERY_MS) throw new CommandError("--every is too short: 1s at least. More is a load test");
  if (everyMs > LONGEST_EVERY_MS) throw new CommandError("--every is too long: 24h at most. --once is for cron");
  const forMs = options.for === undefined ? Number.POSITIVE_INFINITY : timeOf("--for", options.for);

  const stop = new AbortController();
  let signal: keyof typeof EXIT_OF_SIGNAL | null = null;
  const release = takeSignals((taken) => {
    if (signal !== null) process.exit(EXIT_OF_SIGNAL[taken]);
    signal = taken;
    stop.abort();
  });
  const note = (text: string): void => tell(style.dim(text));
  const sessions = new LoneSessions({ settings, env, redactor, note });
  const watched = servers.map(({ name, slo }) => {
    const path = historyPath(options.history, resultsFolder(env), name);
    refuseTooLarge(path);
    const history = new KeptHistory(path);
    return { slo, history, of: new WatchedServer({ server: name, call, sessions, history }) };
  });
  const look = async (server: WatchedServer): Promise<void> => {
    const seen = await server.look(stop.signal);
    if (seen === null) return;
    tell(probeText(server.server, seen.probe));
    if (seen.unwritten !== null) note(`${seen.unwritten}. Until then it is kept in memory`);
  };
  const stopped = once(stop.signal, "abort");
  try {
    await everySoOften({ everyMs, forMs: options.once === true ? 0 : forMs, signal: stop.signal }, async () => {
      const looks = Promise.all(watched.map(({ of }) => look(of)));
      // A server that hangs is not waited for; what is under way there is cut off below.
      await Promise.race([looks, stopped]);
    });
  } finally {
    release();
    await sessions.end();
  }
  const lost = watched.filter(({ history }) => history.waiting > 0 && history.keep() !== null);
  for (const { of, history } of lost) note(`${countText(history.waiting)} probes of ${of.server} are in no history`);
  const all = watched.flatMap(({ of, slo }) =>
    of.probes.length === 0 ? [] : { server: of.server, limits: slo, figures: figuresOf(of.probes, slo) },
  );
  if (options.json === true) {
    const told = all.map(({ server, figures }) => ({ server, ...figures }));
    print(redactor.cleanJson(JSON.stringify({ version: 1, servers: told })));
  } else if (options.once !== true) {
    for (const { server, figures, limits } of all) tell(`\n${figureLines(server, figures, limits).join("\n")}`);
  }
  if (signal !== null) return EXIT_OF_SIGNAL[signal];
  if (lost.length > 0) return EXIT.wrongInput;
  return all.every(({ figures }) => figures.failed < figures.probes) ? EXIT.fine : EXIT.refused;
};
