/** `swarmbridge auth check`: asks `auth/check` about each server and prints what it says, as lines or as JSON. */

import { AuthError } from "../auth/auth-error.ts";
import { checkServer } from "../auth/check/check-server.ts";
import { identitiesToCheck } from "../auth/check/identities-to-check.ts";
import { brokenOff, failed, type Step } from "../auth/check/step.ts";
import { identitiesOf } from "../auth/identity/identity-list.ts";
import type { Surroundings } from "../auth/world.ts";
import { takeSecrets } from "../bridge/take-secrets.ts";
import { urlWithoutQuery } from "../config/describe.ts";
import type { ServerSettings, Settings } from "../config/settings.ts";
import { CommandError } from "./command-error.ts";
import { exitCodeOfSteps, gravest } from "./exit-code.ts";
import { HINTS } from "./hints.ts";
import type { Output } from "./output.ts";
import { serversNamed } from "./servers-named.ts";
import { stepText } from "./step-text.ts";
import { surroundingsOf } from "./surroundings-of.ts";

export interface AuthCheckOptions {
  /** Name of the only server to look at; undefined: all. */
  readonly server: string | undefined;
  /** Number of the only identity to look at, from 1; undefined: the first. */
  readonly identity: number | undefined;
  readonly allIdentities: boolean;
  readonly json: boolean;
}

/** One line of `--json`'s `checks`. The shape is promised in docs/auth.md. */
interface Check {
  readonly server: string;
  readonly url: string;
  readonly strategy: string;
  readonly identity: number | null;
  readonly exitCode: number;
  readonly steps: readonly (Step & { readonly next: string | null })[];
}

/**
 * @returns the exit code
 * @throws {CommandError} when there is no such server, or an identity was asked for and none of the servers has any
 */
export const authCheck = async (settings: Settings, options: AuthCheckOptions, output: Output): Promise<number> => {
  const { env, redactor } = output;
  const environment = takeSecrets(settings, env, redactor);
  const checks: Check[] = [];
  const servers = serversNamed(settings, options.server);
  if (options.identity !== undefined && servers.every(({ auth }) => identitiesOf(auth) === null)) {
    const who = options.server ?? `no server of ${settings.source}`;
    const has = options.server === undefined ? "has" : "has no";
    throw new CommandError(`${who} ${has} identities: leave --identity out (docs/auth.md, identities)`);
  }
  for (const server of servers) {
    const surroundings = surroundingsOf(server, { settings, environment, redactor });
    checks.push(...(await checksOf(server, surroundings, { options, output })));
  }
  const exitCode = gravest(checks.map((check) => check.exitCode));
  if (options.json) output.print(redactor.cleanJson(JSON.stringify({ version: 1, exitCode, checks })));
  return exitCode;
};

interface Telling {
  readonly options: AuthCheckOptions;
  readonly output: Output;
}

const checksOf = async (server: ServerSettings, surroundings: Surroundings, telling: Telling): Promise<Check[]> => {
  const { options, output } = telling;
  const say = (text: string): void => (options.json ? undefined : output.print(output.redactor.clean(text)));
  const { bold, dim } = output.style;
  const { strategy } = server.auth;
  const url = urlWithoutQuery(server.url);

  let identities: Awaited<ReturnType<typeof identitiesToCheck>>;
  try {
    identities = await identitiesToCheck(server.auth, options, surroundings);
  } catch (error) {
    const step = identitiesStep(error);
    const next = hintFor(step, server);
    say(`${bold(server.name)}  ${url}  ${dim(strategy)}\n${stepText(step, next, output.style)}\n`);
    const exitCode = exitCodeOfSteps([step]);
    return [{ server: server.name, url, strategy, identity: null, exitCode, steps: [{ ...step, next }] }];
  }

  const checks: Check[] = [];
  for (const { auth, number, of } of identities) {
    const which = number === null ? "" : `, identity ${number} of ${of}`;
    say(`${bold(server.name)}  ${url}  ${dim(strategy + which)}`);
    const steps: (Step & { next: string | null })[] = [];
    for await (const step of checkServer({ server, auth, surroundings })) {
      const next = hintFor(step, server);
      steps.push({ ...step, next });
      say(stepText(step, next, output.style));
    }
    say("");
    checks.push({ server: server.name, url, strategy, identity: number, exitCode: exitCodeOfSteps(steps), steps });
  }
  return checks;
};

/** Without its identities there is nothing of the server that could be checked. */
const identitiesStep = (error: unknown): Step => {
  if (!(error instanceof AuthError)) return brokenOff(error);
  return failed("credential", { finding: error.code, sentence: error.sentence, place: error.detail.place });
};

const hintFor = ({ finding, place }: Step, { name, auth }: ServerSettings): string | null =>
  finding === null ? null : HINTS[finding]({ place, server: name, strategy: auth.strategy });
