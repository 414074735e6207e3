/**
 * `locust.conf`: what it says of the load, and the one that an engine gets. Its syntax is that of ConfigArgParse, which Locust
 * reads it with: `name = value`, `name: value` or `name value`, and a name alone for a switch.
 */

import { isSecretName } from "../../config/secret-shape.ts";
import { secretIn } from "../../config/secret-text.ts";
import type { FaultList } from "./fault-list.ts";
import type { Load } from "./test-definition.ts";

export const LOCUST_CONF = "locust.conf";

interface Entry {
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** Azure ends a run after this long. @see Azure Load Testing, service limits */
export const LONGEST_RUN_S = 24 * 3600;

/** What stays here, and why. */
const LEFT_OUT: readonly { readonly keys: RegExp; readonly why: string }[] = [
  {
    keys: /^(web-.*|autostart|autoquit|headful|class-picker|build-path|tls-cert|tls-key|legacy-ui)$/,
    why: "an engine has no web UI",
  },
  {
    keys: /^(master|master-.*|worker|processes|expect-workers.*|enable-rebalancing)$/,
    why: "each engine runs one process, by itself",
  },
  {
    keys: /^(csv|csv-.*|html|json|json-file|logfile|profile|config|otel)$/,
    why: "it names a place on this machine",
  },
  { keys: /^(list|show-task-ratio|show-task-ratio-json|help|version)$/, why: "it would print instead of testing" },
  { keys: /^locustfile$/, why: "azure.testPlan names the locustfile" },
];

/** Written by us, whatever the file says. */
const OURS = new Set(["users", "spawn-rate", "run-time", "headless", "shape"]);

export interface LocustConf {
  readonly load: Load & { readonly runTimeSeconds: number };
  /** A load shape, which goes along in the environment. */
  readonly shape: string | null;
  /** The file that the engines get. */
  readonly textWith: (load: LocustConf["load"]) => string;
  readonly warnings: readonly string[];
}

/**
 * @param source as a person would name the file
 * @returns null when it has faults, which are reported
 */
export const readLocustConf = (text: string, source: string, faults: FaultList): LocustConf | null => {
  const entries = parse(text, (line) => {
    faults.reportIn(source, line, "", "this line is not of the form name = value");
  });
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  const read = <T>({ key, parseValue, rule }: Key<T>): T | null => {
    const entry = last.get(key);
    const value = entry === undefined ? null : parseValue(entry.value);
    if (value === null) {
      const what = entry === undefined ? "is missing: " : "";
      faults.reportIn(source, entry?.line ?? 1, key, what + rule);
    }
    return value;
  };
  for (const { key, line } of last.values()) {
    const meant = key.toLowerCase().replaceAll("_", "-");
    if (!OURS.has(key) && OURS.has(meant)) faults.reportIn(source, line, key, `is not read by Locust: write ${meant}`);
  }
  const users = read(USERS);
  const spawnRate = last.has(SPAWN_RATE.key) ? read(SPAWN_RATE) : 1;
  const runTimeSeconds = read(RUN_TIME);
  if (users === null || spawnRate === null || runTimeSeconds === null) return null;
  if (runTimeSeconds > LONGEST_RUN_S) {
    faults.reportIn(
      source,
      last.get("run-time")?.line ?? 1,
      "run-time",
      "is longer than 24 hours: Azure ends a run then",
    );
    return null;
  }
  for (const { key, value, line } of last.values()) {
    if (reasonOf(key) !== undefined) continue;
    if (isSecretName(key) || secretIn(value) !== null) {
      faults.reportIn(
        source,
        line,
        key,
        "looks like a secret in plain sight: put it into Key Vault, under azure.secrets",
      );
    } else if (lineOf(key, value) === null) {
      faults.reportIn(source, line, key, "has quotes and a comment in a value that no line of this syntax can hold");
    }
  }
  const load = { users, spawnRate, runTimeSeconds };
  return {
    load,
    shape: last.get("shape")?.value ?? null,
    textWith: (shaped) => engineConf(shaped, [...last.values()]),
    warnings: warningsOf(source, [...last.keys()]),
  };
};

interface Key<T> {
  readonly key: string;
  readonly parseValue: (text: string) => T | null;
  readonly rule: string;
}

const USERS: Key<number> = {
  key: "users",
  parseValue: (text) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : null),
  rule: "must be a whole number of users from 1, for all engines together",
};

const SPAWN_RATE: Key<number> = {
  key: "spawn-rate",
  parseValue: (text) => (/^\d{1,7}(\.\d{1,6})?$/.test(text) && Number(text) > 0 ? Number(text) : null),
  rule: "must be a number of users a second above 0, for all engines together",
};

const RUN_TIME: Key<number> = {
  key: "run-time",
  parseValue: (text) => parseTimeSpan(text),
  rule: "must be how long the test runs, such as 90, 10m or 1h30m: an engine would never end it",
};

/** As Locust reads it: seconds, or hours, minutes and seconds with their letters. @returns seconds above 0, or null */
export const parseTimeSpan = (text: string): number | null => {
  const [whole, plain, hours, minutes, seconds] =
    /^(?:(\d{1,7})|(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?)$/.exec(text) ?? [];
  if (whole === undefined) return null;
  const total =
    plain === undefined ? Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0) : Number(plain);
  return total > 0 ? total : null;
};

/** ConfigArgParse's own rule (`DefaultConfigFileParser`): a quote at both ends goes, and a comment behind a blank. */
const LINE = /^(?<key>[^:=;#\s]+)\s*(?:(?<equal>[:=\s])\s*(?<quote>['"]?)(?<value>.+?)?\k<quote>)?\s*(?:\s[;#].*)?$/;

const parse = (text: string, broken: (line: number) => void): Entry[] =>
  text.split("\n").flatMap((raw, index): Entry[] => {
    const line = raw.trim();
    if (line === "" || /^(?:[#;[]|---)/.test(line)) return [];
    const { key, equal, value } = LINE.exec(line)?.groups ?? {};
    if (key === undefined) {
      broken(index + 1);
      return [];
    }
    const isSwitch = equal === undefined || equal.trim() === "";
    return [{ key: key.replace(/^--/, ""), value: value ?? (isSwitch ? "true" : ""), line: index + 1 }];
  });

/** Quoted where it must be, so that Locust reads the same value there as here. @returns null when no quotes will do */
const lineOf = (key: string, value: string): string | null =>
  ["", '"', "'"]
    .map((quote) => `${key} = ${quote}${value}${quote}`)
    .find((line) => parse(line, () => undefined)[0]?.value === value) ?? null;

/** The last value of each key, as Locust takes it. Lines that are none are left out. */
export const confValues = (text: string): ReadonlyMap<string, string> =>
  new Map(parse(text, () => undefined).map(({ key, value }) => [key, value]));

const reasonOf = (key: string): string | undefined => LEFT_OUT.find(({ keys }) => keys.test(key))?.why;

const engineConf = ({ users, spawnRate, runTimeSeconds }: LocustConf["load"], entries: readonly Entry[]): string => {
  const kept = entries.filter(({ key }) => !OURS.has(key) && reasonOf(key) === undefined);
  return [
    "# Made by swarmbridge azure yaml. Users and spawn rate are those of all engines together.",
    `users = ${users}`,
    `spawn-rate = ${spawnRate}`,
    `run-time = ${runTimeSeconds}s`,
    "headless = true",
    ...kept.map(({ key, value }) => lineOf(key, value) ?? ""),
    "",
  ].join("\n");
};

const warningsOf = (source: string, keys: readonly string[]): string[] =>
  LEFT_OUT.flatMap(({ keys: pattern, why }) => {
    const found = keys.filter((key) => pattern.test(key));
    return found.length === 0 ? [] : [`${source}: ${found.join(", ")} stays here, ${why}.`];
  });
