/**
 * Microsoft's own description of a plane (Swagger 2.0), as a judge of what stands around a body: path, method, query and
 * content type. Stricter than its text: a parameter that it does not name is refused.
 */

import { readFileSync } from "node:fs";
import type { Asked } from "./plane-harness.ts";

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: "path" | "query" | "header" | "body";
  readonly required?: boolean;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly consumes?: readonly string[];
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly parameters?: Readonly<Record<string, Parameter>>;
}

/** @returns what the description does not allow, one line each */
export const openApi = (path: string): ((asked: Asked) => readonly string[]) => {
  const { paths, parameters: shared = {} } = JSON.parse(readFileSync(path, "utf8")) as Description;
  const resolved = (parameter: Parameter): Parameter =>
    shared[parameter.$ref?.replace("#/parameters/", "") ?? ""] ?? parameter;
  return ({ method, url, headers, body }) => {
    const verb = method.toLowerCase();
    const [, operations] =
      Object.entries(paths).find(([template, all]) => verb in all && patternOf(template).test(url.pathname)) ?? [];
    const operation = operations?.[verb];
    if (operation === undefined) return [`${method} ${url.pathname} is no operation`];
    const query = (operation.parameters ?? []).map(resolved).filter((parameter) => parameter.in === "query");
    const known = new Set(["api-version", ...query.map(({ name }) => name)]);
    const required = new Set(["api-version", ...query.filter((one) => one.required === true).map(({ name }) => name)]);
    const consumed = operation.consumes ?? ["application/json"];
    const type = headers["content-type"] ?? "";
    return [
      ...[...required].filter((name) => !url.searchParams.has(name)).map((name) => `${name} is missing`),
      ...[...url.searchParams.keys()].filter((name) => !known.has(name)).map((name) => `${name} is no parameter`),
      ...(body.length > 0 && !consumed.includes(type) ? [`${type} is not ${consumed.join(", ")}`] : []),
    ];
  };
};

const patternOf = (template: string): RegExp => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/:]+")}$`);
