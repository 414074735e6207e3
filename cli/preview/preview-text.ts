/** A plan as a person reads it in the terminal: picture, stages, what comes to each server, warnings. */

import { countText } from "../../record/duration-text.ts";
import { tableLines, wrapped } from "../../record/text-table.ts";
import type { ScenarioPlan } from "../../traffic/shape/load-plan.ts";
import { pictureLines } from "../../traffic/shape/plan-picture.ts";
import { type Stage, shownTime, userMinutes } from "../../traffic/shape/stage.ts";
import type { Style } from "../style.ts";
import type { Preview } from "./preview-of.ts";

/** More stages than a person reads. */
const MOST_ROWS = 12;

export const previewText = ({ plan, name, peak, servers, warnings }: Preview, style: Style): string => {
  const minutes = plan.scenarios.reduce((sum, { segments }) => sum + userMinutes(segments), 0);
  const head = `${style.bold(name)}: ${shownTime(plan.lengthMs)}, at most ${usersText(peak)}, ${minutesText(minutes)} user-minutes`;
  const scenarios = plan.scenarios.flatMap((scenario) => ["", ...scenarioLines(scenario, plan.lengthMs, style)]);
  const said = warnings.flatMap((warning) => {
    const [first = "", ...rest] = wrapped(warning, style.columns - 2);
    return [`${style.yellow("!")} ${first}`, ...rest.map((line) => `  ${line}`)];
  });
  return [head, ...scenarios, "", ...serverLines(servers, style), ...(said.length === 0 ? [] : ["", ...said])].join(
    "\n",
  );
};

const scenarioLines = (scenario: ScenarioPlan, lengthMs: number, style: Style): string[] => {
  const { name, segments, stages, afterMs, servers, classes } = scenario;
  const whose = [...(servers ?? []), ...(classes ?? [])].join(", ");
  const title = name === null ? [] : [`${style.bold(name)} ${style.dim(`(${whose})`)}`];
  const picture = pictureLines(segments, lengthMs, style.columns).map(
    ({ before, curve }) => style.dim(before) + (curve === "" ? "" : style.green(curve)),
  );
  return [...title, ...picture, "", ...stageLines(stages, afterMs, style)];
};

const stageLines = (stages: readonly Stage[], afterMs: number, style: Style): string[] => {
  let atMs = afterMs;
  let users = 0;
  const rows = stages.map(({ forMs, users: to, by }) => {
    const [fromMs, from] = [atMs, users];
    atMs += forMs;
    users = to;
    const movement = by === "ramp" && from !== to ? `${from} to ${to}` : String(to);
    return [`  ${shownTime(fromMs)}`, shownTime(forMs), movement];
  });
  const shown = tableLines([["  from", "length", "users"], ...rows.slice(0, MOST_ROWS)], style.columns);
  const more = rows.length - MOST_ROWS;
  return [style.dim(shown[0] ?? ""), ...shown.slice(1), ...(more > 0 ? [`  ... and ${more} more`] : [])];
};

const serverLines = (servers: Preview["servers"], style: Style): string[] =>
  servers.flatMap(({ server, users, arrivalsPerSecond, arrivals, mostItems }) => {
    const facts = [
      `at most ${usersText(users)}`,
      ...(arrivalsPerSecond === null
        ? []
        : [`${arrivalsPerSecond} planned starts a second, ${countText(arrivals ?? 0)} in all`]),
      ...(mostItems === null ? [] : [`about ${countText(mostItems)} items of its mix, fewer the slower it answers`]),
    ];
    const [first = "", ...rest] = wrapped(`${server}: ${facts.join("; ")}`, style.columns - 2);
    return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
  });

const usersText = (users: number): string => `${countText(users)} ${users === 1 ? "user" : "users"}`;

const minutesText = (minutes: number): string =>
  minutes >= 100 ? countText(Math.round(minutes)) : String(Math.round(minutes * 10) / 10);
