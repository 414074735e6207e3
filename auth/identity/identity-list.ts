/** Makes of `identities` the settings of each identity: those of the strategy, with some keys of its own. */

import { parse } from "csv-parse/sync";
import * as z from "zod";
import { looksLikeToken } from "../../config/secret-shape.ts";
import type { AuthSettings } from "../../config/settings.ts";
import { AuthError } from "../auth-error.ts";
import type { StrategyKind } from "../strategy-kind.ts";
import type { Surroundings } from "../world.ts";
import type { IdentitiesSettings } from "./identities-schema.ts";

export const MOST_IDENTITIES = 10_000;

/** 10,000 rows of 400 characters. */
const MOST_CSV_BYTES = 4 * 1024 * 1024;

/** Those of the strategy that one identity cannot have for itself alone. */
const SHARED_KEYS = ["strategy", "identities", "allowPlainHttp"];

type Readable = Pick<Surroundings, "readFile">;

export const identitiesOf = (auth: AuthSettings): IdentitiesSettings | null =>
  (auth.identities as IdentitiesSettings | undefined) ?? null;

/** The strategy's settings as they are for all, without the list. */
export const withoutIdentities = ({ identities: _, ...auth }: AuthSettings): AuthSettings => auth;

/**
 * The identities that a list of variables or a CSV names, in its order.
 * @returns null when only the strategy itself can list them (`prefix`)
 * @throws {AuthError} AUTH_IDENTITIES with file, line and column and never a value; AUTH_MISSING and AUTH_UNREADABLE when it
 *   is the file that is not there or cannot be read
 */
export const writtenIdentities = (
  kind: StrategyKind,
  auth: AuthSettings,
  surroundings: Readable,
): readonly AuthSettings[] | null => {
  const { env, csv } = identitiesOf(auth) ?? {};
  if (env !== undefined) {
    const ownSettings = settingsWith(kind, auth, ["env"], "identities.env");
    return env.map((name, index) => ownSettings({ env: name }, `entry ${index + 1}`));
  }
  return csv === undefined ? null : fromCsv(kind, auth, csv, readCsv(csv, surroundings));
};

const fromCsv = (kind: StrategyKind, auth: AuthSettings, path: string, rows: readonly CsvRow[]): AuthSettings[] => {
  const [header, ...others] = rows;
  if (header === undefined || others.length === 0) throw unusable(path, "it has no row below its first line of keys");
  if (others.length > MOST_IDENTITIES) throw unusable(path, `it has more than ${MOST_IDENTITIES} rows`);
  const ownSettings = settingsWith(kind, auth, header.cells, path);
  return others.map(({ cells, line }) => {
    const values: Record<string, string> = {};
    for (const [index, column] of header.cells.entries()) {
      const cell = cells[index] ?? "";
      if (looksLikeToken(cell)) {
        throw unusable(path, `line ${line}, column ${column}: looks like a secret itself, write where it is instead`);
      }
      // An empty cell says nothing: what the strategy says for all holds.
      if (cell !== "") values[column] = cell;
    }
    return ownSettings(values, `line ${line}`);
  });
};

interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const readCsv = (path: string, { readFile }: Readable): CsvRow[] => {
  let text: string;
  try {
    text = readFile(path, MOST_CSV_BYTES);
  } catch (cause) {
    const isAbsent = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new AuthError(isAbsent ? "AUTH_MISSING" : "AUTH_UNREADABLE", { place: path }, { cause });
  }
  try {
    const rows = parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      comment: "#",
      // Only a whole line is a comment: a path or a scope may have a # in it.
      comment_no_infix: true,
      info: true,
    });
    return (rows as unknown as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      cells: record,
      line: info.lines,
    }));
  } catch (error) {
    // Its message quotes the line.
    const line = error instanceof Error && "lines" in error ? ` (line ${Number(error.lines)})` : "";
    throw unusable(path, `it is no CSV with as many cells in each line as in the first${line}`);
  }
};

/**
 * Settings of single identities, checked by the strategy's own schema. What is the same for all has been checked with the
 * file and has its final form (milliseconds and not `30s`): it is taken as it stands. The rules that a strategy has for its
 * keys together are checked for each identity as a whole.
 * @param columns keys that the identities have for themselves; a dot leads into a key of its own
 */
const settingsWith = (
  kind: StrategyKind,
  auth: AuthSettings,
  columns: readonly string[],
  place: string,
): ((values: Readonly<Record<string, string>>, where: string) => AuthSettings) => {
  const { schema } = kind;
  const keys = keysOf(kind);
  if (!(schema instanceof z.ZodObject)) throw unusable(place, `${auth.strategy} takes no list of identities`);
  const unknown = columns.findIndex((column) => !keys.includes(topKey(column)));
  if (unknown >= 0) {
    // By its number: where the line of keys is missing, the first line holds values.
    throw unusable(place, `column ${unknown + 1} is no key of ${auth.strategy}, which has ${keys.join(", ")}`);
  }
  const base = withoutIdentities(auth);
  return (values, where) => {
    const own = nested(values, base);
    const shape = Object.fromEntries(
      Object.keys(schema.shape).map((key) => [key, key in own ? schema.shape[key] : z.unknown().optional()]),
    );
    const checked = schema.clone({ ...schema.def, shape }).safeParse({ ...base, ...own });
    if (checked.success) return checked.data as AuthSettings;
    const [issue] = checked.error.issues;
    const column = issue === undefined || issue.path.length === 0 ? "" : `, column ${columnOf(issue.path, columns)}`;
    throw unusable(place, `${where}${column}: ${ruleOf(issue)}`);
  };
};

/** What an identity may have for itself. */
const keysOf = ({ schema }: StrategyKind): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((key) => !SHARED_KEYS.includes(key)) : [];

const topKey = (column: string): string => column.split(".")[0] ?? "";

/** `{ "clientSecret.secret": "a" }` to `{ clientSecret: { secret: "a" } }`, and in it what all identities share (the vault). */
const nested = (values: Readonly<Record<string, string>>, base: AuthSettings): Record<string, unknown> => {
  const own: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(values)) {
    const [key = "", ...deeper] = column.split(".");
    const innermost = deeper.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
    own[key] = deeper.length === 0 ? value : { ...mapOf(own[key] ?? base[key]), ...mapOf(innermost) };
  }
  return own;
};

const mapOf = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});

/** The column is a word of the user's file, and one that was found among the strategy's keys. */
const columnOf = (path: readonly PropertyKey[], columns: readonly string[]): string => {
  const key = path.map(String).join(".");
  return columns.find((column) => column === key || column.startsWith(`${topKey(key)}.`)) ?? String(path[0]);
};

/** The messages of our schemas are rules and quote nothing; for unknown keys it is the list of those that are known. */
const ruleOf = (issue: z.core.$ZodIssue | undefined): string =>
  issue?.code === "unrecognized_keys" ? `has another key than ${issue.message}` : (issue?.message ?? "cannot be used");

const unusable = (place: string, why: string): AuthError => new AuthError("AUTH_IDENTITIES", { place, why });
