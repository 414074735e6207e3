/**
 * A second opinion on what is sent and answered: Microsoft's OpenAPI of the data plane, read from a folder that the variable
 * SWARMBRIDGE_OPENAPI names. Without the folder nothing is checked, and that is counted.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { isMap, type Json } from "./merge-patch.ts";

const FILE = "loadtesting-2026-04-01.openapi.json";

/** Why nothing is checked, or null. */
export const openApiMissing = (folder = process.env.SWARMBRIDGE_OPENAPI): string | null => {
  if (folder === undefined) return "SWARMBRIDGE_OPENAPI does not name a folder with Microsoft's OpenAPI files";
  return existsSync(join(folder, FILE)) ? null : `there is no ${FILE} where SWARMBRIDGE_OPENAPI says`;
};

interface Operation {
  readonly method: string;
  readonly path: RegExp;
  readonly body: ValidateFunction | null;
  readonly answers: ReadonlyMap<string, ValidateFunction>;
}

export class OpenApiCheck {
  checked = 0;
  skipped = 0;
  /** What did not fit, one line each. */
  readonly faults: string[] = [];
  readonly #operations: readonly Operation[] | null;

  constructor(folder = process.env.SWARMBRIDGE_OPENAPI) {
    this.#operations = folder === undefined || openApiMissing(folder) !== null ? null : operationsIn(folder);
  }

  /** @returns what is wrong with the request's body, or null */
  request(method: string, path: string, body: unknown): string | null {
    return this.#check(`${method} ${path}`, body, () => this.#operation(method, path)?.body);
  }

  /** @returns what is wrong with the answer, or null; the refusal of what is no operation has no schema */
  answer(
    method: string,
    path: string,
    { status, json }: { readonly status: number; readonly json: unknown },
  ): string | null {
    if (status >= 400 && this.#operations !== null && this.#operation(method, path) === undefined) return null;
    return this.#check(`${status} to ${method} ${path}`, json, () => {
      const answers = this.#operation(method, path)?.answers;
      return answers?.get(String(status)) ?? (status >= 400 ? answers?.get("default") : undefined);
    });
  }

  #operation(method: string, path: string): Operation | undefined {
    return this.#operations?.find((one) => one.method === method && one.path.test(path));
  }

  /** null removes in a patch and is "nothing" in an answer: what is left must fit. */
  #check(what: string, value: unknown, find: () => ValidateFunction | null | undefined): string | null {
    if (this.#operations === null) {
      this.skipped += 1;
      return null;
    }
    this.checked += 1;
    const validate = find();
    if (validate === undefined || validate === null) return this.#fault(`${what}: the OpenAPI has no schema for it`);
    if (validate(withoutNulls(value))) return null;
    const [first] = validate.errors ?? [];
    const extra = JSON.stringify(first?.params.additionalProperty ?? "");
    return this.#fault(`${what}: ${first?.instancePath} ${first?.message} ${extra}`);
  }

  #fault(text: string): string {
    this.faults.push(text);
    return text;
  }
}

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [[key, withoutNulls(one)]])),
  );
};

/** Compiling takes half a second: once a process is enough. */
const known = new Map<string, readonly Operation[]>();

const operationsIn = (folder: string): readonly Operation[] => {
  const operations = known.get(folder) ?? operationsOf(readFileSync(join(folder, FILE), "utf8"));
  known.set(folder, operations);
  return operations;
};

const operationsOf = (text: string): readonly Operation[] => {
  const spec = JSON.parse(text) as { readonly paths: Readonly<Record<string, Json>>; readonly definitions: Json };
  const compile = { request: compiler(spec.definitions, true), answer: compiler(spec.definitions, false) };
  return Object.entries(spec.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { parameters = [], responses = {} } = operation as {
        parameters?: Json[];
        responses?: Record<string, Json>;
      };
      const body = parameters.find((parameter) => parameter.in === "body");
      const answers = Object.entries(responses).flatMap(([status, { schema }]) =>
        schema === undefined ? [] : [[status, compile.answer(schema)] as const],
      );
      return {
        method: method.toUpperCase(),
        path: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/:]+")}$`),
        body: body?.schema === undefined || isBytes(body) ? null : compile.request(body.schema),
        answers: new Map(answers),
      };
    }),
  );
};

const isBytes = ({ schema }: Json): boolean => isMap(schema) && schema.format === "binary";

const compiler = (definitions: Json, isRequest: boolean): ((schema: unknown) => ValidateFunction) => {
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats.default(ajv, ["date-time", "uri"]);
  const all = Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [name, jsonSchema(schema, isRequest)]),
  );
  ajv.addSchema({ $id: "spec", definitions: all });
  return (schema) => ajv.compile(jsonSchema(schema, isRequest) as Json);
};

const KEPT_FORMATS = new Set(["date-time", "uri"]);
const DROPPED = /^(?:x-ms-.*|discriminator|readOnly|description|default|example)$/;

/** Swagger's schema as JSON Schema: closed objects, no read-only field in a request, extensible enums open. */
const jsonSchema = (schema: unknown, isRequest: boolean): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => jsonSchema(one, isRequest));
  if (!isMap(schema)) return schema;
  const isExtensible = isMap(schema["x-ms-enum"]) && schema["x-ms-enum"].modelAsString === true;
  const entries = Object.entries(schema).filter(
    ([key, value]) =>
      !DROPPED.test(key) &&
      !(key === "enum" && isExtensible) &&
      !(key === "format" && !KEPT_FORMATS.has(String(value))),
  );
  const made: Record<string, unknown> = Object.fromEntries(
    entries.map(([key, value]) => [key, key === "properties" ? value : jsonSchema(value, isRequest)]),
  );
  if (typeof schema.$ref === "string") return { $ref: schema.$ref.replace("#/", "spec#/") };
  if (!isMap(schema.properties)) return made;
  const properties = Object.entries(schema.properties).filter(
    ([, property]) => !(isRequest && isMap(property) && property.readOnly === true),
  );
  const names = new Set(properties.map(([name]) => name));
  made.properties = Object.fromEntries(properties.map(([name, property]) => [name, jsonSchema(property, isRequest)]));
  if (Array.isArray(schema.required)) made.required = schema.required.filter((name) => names.has(String(name)));
  if (schema.additionalProperties === undefined && schema.allOf === undefined) made.additionalProperties = false;
  return made;
};
