/** A tool's schema made ready: makes arguments from a seed, and hands out only what the schema's own check lets pass. */

import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { generateSync, type JsonSchema } from "json-schema-faker";
import { isMap } from "../../config/is-map.ts";
import { ArgumentsError } from "./arguments-error.ts";
import { withLikelyArguments } from "./likely-arguments.ts";

export type Arguments = Readonly<Record<string, unknown>>;

/** Seeds that are tried for one set of arguments. The generator overlooks some of what a schema may ask for. */
const MOST_TRIES = 20;
const LARGEST_CHARACTERS = 64 * 1024;
const LONGEST_WHY = 200;

/** Seeds of the tries of one set; odd, so that the tries of neighbouring seeds never meet. */
const TRY_STEP = 0x9e3779b1;

export class CompiledSchema {
  readonly #isGood: (value: unknown) => boolean;
  readonly #likely: JsonSchema;

  /** @throws {ArgumentsError} ARGUMENTS_BAD_SCHEMA */
  constructor(schema: Readonly<Record<string, unknown>>) {
    // The names would let two schemas of one name meet; which draft it is decides the class.
    const { $schema, $id: _id, ...nameless } = schema;
    const options = { strict: false, validateSchema: false, unicodeRegExp: false, logger: false } as const;
    const ajv = isOldDraft($schema) ? new Ajv(options) : new Ajv2020(options);
    addFormats.default(ajv as Ajv);
    try {
      this.#isGood = ajv.compile(nameless);
    } catch (error) {
      throw new ArgumentsError("ARGUMENTS_BAD_SCHEMA", { why: oneLine(String((error as Error).message)) });
    }
    this.#likely = withLikelyArguments(nameless) as JsonSchema;
  }

  /** @throws {ArgumentsError} ARGUMENTS_NONE */
  make(seed: number): Arguments {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const made = this.#try((seed + tries * TRY_STEP) >>> 0);
      if (made !== null) return made;
    }
    throw new ArgumentsError("ARGUMENTS_NONE");
  }

  #try(seed: number): Arguments | null {
    let made: unknown;
    try {
      made = generateSync(this.#likely, { seed, useDefaultValue: true, useExamplesValue: true });
    } catch {
      // Its way of saying that this seed led nowhere, or that it cannot read the schema.
      return null;
    }
    const isFit = isMap(made) && this.#isGood(made) && JSON.stringify(made).length <= LARGEST_CHARACTERS;
    return isFit ? (made as Arguments) : null;
  }
}

/** 2020-12 is MCP's own when a schema does not say; up to draft 7, `items` and `definitions` mean something else. */
const isOldDraft = (name: unknown): boolean =>
  typeof name === "string" && /json-schema\.org\/draft-0[4-7]\//.test(name);

/** It quotes the schema: a stranger's words, which may not forge lines of a log. */
const oneLine = (text: string): string => text.slice(0, LONGEST_WHY).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
