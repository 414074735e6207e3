/**
 * A load shape as a list of stages, the two notations of a stage, and the plain segments that every shape is expanded to.
 * Pure: no clock, no users.
 */

import { parseDuration } from "../../config/duration.ts";
import { ShapeError } from "./shape-error.ts";

export interface Stage {
  readonly forMs: number;
  readonly users: number;
  /** `jump`: `users` from the first moment on. `ramp`: evenly from where the stage before ended (0 before the first), as in k6. */
  readonly by: "ramp" | "jump";
}

/** Users go evenly from `fromUsers` to `toUsers`; between two segments they may jump. */
export interface Segment {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromUsers: number;
  readonly toUsers: number;
}

export const MOST_USERS = 1_000_000;
export const MOST_STAGES = 1000;
/** A month: `duration()` of the file ends there, too. */
export const LONGEST_MS = 30 * 24 * 3_600_000;

const BY_SIGN = { ":": "ramp", "=": "jump" } as const satisfies Record<string, Stage["by"]>;
const SIGN_BY = { ramp: ":", jump: "=" } as const satisfies Record<Stage["by"], string>;

const STAGE = /^(?<time>[^:=\s]+)(?<sign>[:=])(?<users>\d{1,7})$/;

/**
 * @param text such as `30s:5, 60s=10, 30s:0`: over 30 s to 5 users, then 10 at once for 60 s, then over 30 s to none
 * @throws {ShapeError}
 */
export const parseStages = (text: string): readonly Stage[] =>
  checkedStages(
    text.split(",").map((part) => {
      const { time = "", sign = "", users = "" } = STAGE.exec(part.trim())?.groups ?? {};
      const forMs = parseDuration(time);
      if (forMs === null) {
        throw new ShapeError(
          `has the stage ${JSON.stringify(part.trim().slice(0, 40))}: write TIME:USERS for a ramp, such as 30s:5, or TIME=USERS for a level, such as 60s=10`,
        );
      }
      return { forMs, users: Number(users), by: BY_SIGN[sign as keyof typeof BY_SIGN] };
    }),
  );

/** @throws {ShapeError} for more than a generator or a picture can hold */
export const checkedStages = (stages: readonly Stage[]): readonly Stage[] => {
  const ms = stages.reduce((sum, { forMs }) => sum + forMs, 0);
  if (stages.length > MOST_STAGES)
    throw new ShapeError(`has ${stages.length} stages: at most ${MOST_STAGES} can be run`);
  if (stages.some(({ users }) => users > MOST_USERS)) throw new ShapeError(`has more than ${MOST_USERS} users`);
  if (ms <= 0) throw new ShapeError("lasts no time at all: give a stage a time above 0");
  if (ms > LONGEST_MS) throw new ShapeError("lasts longer than 30 days");
  if (stages.every(({ users }) => users === 0)) throw new ShapeError("never has a user: give a stage more than 0");
  return stages;
};

/** The notation that `parseStages` reads. */
export const stagesText = (stages: readonly Stage[]): string =>
  stages.map(({ forMs, users, by }) => `${timeText(forMs)}${SIGN_BY[by]}${users}`).join(",");

const UNITS = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** In the largest unit that divides it: `90s`, `2m`, `250ms`. */
export const timeText = (ms: number): string => {
  const [unit, size] = UNITS.find(([, of]) => ms >= of && ms % of === 0) ?? ["ms", 1];
  return `${Math.round(ms / size)}${unit}`;
};

/** For people, to the second, below ten seconds to the tenth: `4.3s`, `90s`, `7m 30s`, `1h 15m`. */
export const shownTime = (ms: number): string => {
  if (ms < 10_000) return `${Math.round(ms / 100) / 10}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 120 && seconds % 60 !== 0) return `${seconds}s`;
  if (seconds < 3600) return inTwo(seconds, ["m", "s"]);
  return inTwo(Math.round(seconds / 60), ["h", "m"]);
};

const inTwo = (small: number, [large, less]: readonly [string, string]): string =>
  small % 60 === 0 ? `${small / 60}${large}` : `${Math.floor(small / 60)}${large} ${small % 60}${less}`;

/** @param afterMs nobody before that */
export const segmentsOf = (stages: readonly Stage[], afterMs = 0): readonly Segment[] => {
  const segments: Segment[] = [];
  let atMs = 0;
  let users = 0;
  for (const stage of [{ forMs: afterMs, users: 0, by: "jump" } as const, ...stages]) {
    const fromUsers = stage.by === "jump" ? stage.users : users;
    // A stage of no time is a jump to where the next one begins.
    if (stage.forMs > 0) segments.push({ fromMs: atMs, toMs: atMs + stage.forMs, fromUsers, toUsers: stage.users });
    atMs += stage.forMs;
    users = stage.users;
  }
  return segments;
};

export const endMs = (segments: readonly Segment[]): number => segments.at(-1)?.toMs ?? 0;

export const peakUsers = (segments: readonly Segment[]): number =>
  segments.reduce((most, { fromUsers, toUsers }) => Math.max(most, fromUsers, toUsers), 0);

/** @returns users as a fraction; 0 when the shape is over */
export const usersAt = (segments: readonly Segment[], ms: number): number => {
  const segment = segments.find(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
  if (segment === undefined) return 0;
  const { fromMs, toMs, fromUsers, toUsers } = segment;
  return fromUsers + ((toUsers - fromUsers) * (ms - fromMs)) / (toMs - fromMs);
};

/** The area below the shape: what it costs a server, and at Azure money. */
export const userMinutes = (segments: readonly Segment[]): number =>
  segments.reduce(
    (sum, { fromMs, toMs, fromUsers, toUsers }) => sum + ((fromUsers + toUsers) / 2) * ((toMs - fromMs) / 60_000),
    0,
  );
