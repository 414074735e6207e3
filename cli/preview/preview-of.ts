/** What a preview says of a run, before it is text or JSON. */

import { holdOf } from "../../azure/definition/held-users.ts";
import type { ServerSettings, Settings } from "../../config/settings.ts";
import { targetClass } from "../../config/target-class.ts";
import { type LoadPlan, planName, planPeak, planText } from "../../traffic/shape/load-plan.ts";
import { planWarnings } from "../../traffic/shape/plan-warnings.ts";
import { type ServerShare, serverShares } from "../../traffic/shape/server-share.ts";
import { peakUsers, type Stage, segmentsOf } from "../../traffic/shape/stage.ts";
import { plannedLoad } from "../../traffic/shape/told-load.ts";
import type { Traffic } from "../../traffic/traffic-schema.ts";
import { CommandError } from "../command-error.ts";
import type { LocustLoad } from "./locust-load.ts";

export interface Preview {
  readonly name: string;
  readonly plan: LoadPlan;
  readonly peak: number;
  readonly servers: readonly PreviewedServer[];
  readonly warnings: readonly string[];
}

interface PreviewedServer extends ServerShare {
  readonly arrivalsPerSecond: number | null;
  /** Planned starts in all. */
  readonly arrivals: number | null;
  /** Of its mix, if answers took no time; null when its think time is not data. */
  readonly mostItems: number | null;
}

/**
 * @param settings null where there is no loadtest.yaml
 * @throws {ConfigError} CONFIG_INVALID when what was typed is no shape
 * @throws {CommandError} when nothing says how long the run is
 */
export const previewOf = (settings: Settings | null, typed: LocustLoad): Preview => {
  const shaped = plannedLoad(settings?.load, typed);
  const plan = shaped ?? withoutShape(typed);
  const all = Object.values(settings?.servers ?? {});
  const servers = serverShares(plan, all).map((share) => previewed(share, all, plan));
  const held = all.flatMap((server) => {
    const hold = holdOf({ class: targetClass(server.url), allow: server.allow });
    const planned = servers.find((one) => one.server === server.name)?.users;
    return hold === null || planned === undefined ? [] : [{ server: server.name, users: hold.users, planned }];
  });
  const name = shaped === null ? "no shape" : planName(plan);
  const warnings = [
    ...(shaped === null ? [] : confWarnings(shaped, settings, typed)),
    ...classWarnings(plan),
    ...planWarnings(plan, held),
  ];
  return { name, plan, peak: planPeak(plan), servers, warnings };
};

/** Totals of locust.conf go before a built-in shape's own: a smoke test of 17 users comes as a surprise. */
const confWarnings = (shaped: LoadPlan, settings: Settings | null, typed: LocustLoad): string[] => {
  const used = (["users", "runTimeMs"] as const).filter((one) => {
    const without = typed.ofConf[one] && plannedLoad(settings?.load, { ...typed, [one]: undefined });
    return without && planText(without) !== planText(shaped);
  });
  if (used.length === 0) return [];
  const own = plannedLoad(settings?.load, { ...typed, ...Object.fromEntries(used.map((one) => [one, undefined])) });
  const said = used.map((one) => typed.ofConf[one]).join(" and ");
  const alone = own === null ? "" : `: by itself it is ${planText(own)}`;
  return [`The shape has ${said} from locust.conf in place of its own numbers${alone}. Type -u and -t to have others.`];
};

/** Which server a class has, only the locustfile knows: what is said of servers may be too low. */
const classWarnings = ({ scenarios }: LoadPlan): string[] => {
  const named = scenarios.flatMap(({ name, classes, segments }) =>
    classes === null ? [] : [`${name} (${classes.join(", ")}; at most ${peakUsers(segments)})`],
  );
  return named.length === 0
    ? []
    : [
        `Users of scenarios that name classes are in no server's number here, and come on top of it: ${named.join("; ")}. ` +
          "Which server a class has, the locustfile says.",
      ];
};

/** As Locust does it alone: up at the spawn rate, then held. */
const withoutShape = ({ users = 1, spawnRate = 1, runTimeMs }: LocustLoad): LoadPlan => {
  if (runTimeMs === undefined) {
    throw new CommandError("nothing says how long the run is: name a --shape, or a --run-time (-t 10m)");
  }
  const upMs = Math.min(runTimeMs, (users / spawnRate) * 1000);
  const stages: Stage[] = [
    { forMs: upMs, users: Math.round(upMs === runTimeMs ? (spawnRate * runTimeMs) / 1000 : users), by: "ramp" },
    { forMs: runTimeMs - upMs, users, by: "jump" },
  ];
  const kept = stages.filter(({ forMs }) => forMs > 0);
  const none = {
    name: null,
    shape: null,
    servers: null,
    classes: null,
    afterMs: 0,
    isBursty: false,
    takesRunTime: true,
  };
  return { scenarios: [{ ...none, stages: kept, segments: segmentsOf(kept) }], lengthMs: runTimeMs };
};

const previewed = (share: ServerShare, all: readonly ServerSettings[], { lengthMs }: LoadPlan): PreviewedServer => {
  // Checked by its own schema, which config does not know.
  const traffic = all.find(({ name }) => name === share.server)?.traffic as Traffic | undefined;
  const perSecond = traffic?.arrivalsPerSecond ?? null;
  const thinkMs =
    traffic === undefined || perSecond !== null || traffic.burst !== null ? null : meanThinkMs(traffic.think);
  return {
    ...share,
    arrivalsPerSecond: perSecond,
    arrivals: perSecond === null ? null : Math.round((perSecond * lengthMs) / 1000),
    mostItems: thinkMs === null ? null : Math.round((share.userMinutes * 60_000) / thinkMs),
  };
};

/** null: none at all, or drawn as an agent's, whose mean says little. */
const meanThinkMs = (think: Traffic["think"]): number | null => {
  if ("agent" in think) return null;
  const mean = (think.fromMs + think.toMs) / 2;
  return mean === 0 ? null : mean;
};
