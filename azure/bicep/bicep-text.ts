/** Bicep as text: literals that cannot break out of their quotes, and the four kinds of declarations that are used. */

export type BicepValue = string | boolean | Raw | readonly BicepValue[] | { readonly [key: string]: BicepValue };

/** An expression, as it stands. */
export class Raw {
  readonly expression: string;
  constructor(expression: string) {
    this.expression = expression;
  }
}
export const raw = (expression: string): Raw => new Raw(expression);

/** @see Bicep data types, strings: these are all its escapes that matter in one line */
export const literal = (text: string): string =>
  `'${text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("${", "\\${")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")}'`;

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const valueText = (value: BicepValue, depth = 0): string => {
  if (value instanceof Raw) return value.expression;
  if (typeof value === "string") return literal(value);
  if (typeof value === "boolean") return String(value);
  const inner = "  ".repeat(depth + 1);
  const outer = "  ".repeat(depth);
  if (isList(value)) {
    const lines = value.map((each) => `${inner}${valueText(each, depth + 1)}\n`);
    return lines.length === 0 ? "[]" : `[\n${lines.join("")}${outer}]`;
  }
  const lines = Object.entries(value).map(
    ([key, each]) => `${inner}${PLAIN_KEY.test(key) ? key : keyText(key)}: ${valueText(each, depth + 1)}\n`,
  );
  return lines.length === 0 ? "{}" : `{\n${lines.join("")}${outer}}`;
};

const isList = (
  value: readonly BicepValue[] | { readonly [key: string]: BicepValue },
): value is readonly BicepValue[] => Array.isArray(value);

/** A key that is an expression stands in a string of its own: `'${identity.id}'`. */
const keyText = (key: string): string => (/^\$\{[A-Za-z0-9_.]+\}$/.test(key) ? `'${key}'` : literal(key));

export interface Parameter {
  readonly name: string;
  readonly type: "string" | "bool";
  readonly description: string;
  /** undefined: whoever deploys must say it. */
  readonly value?: BicepValue | undefined;
  readonly allowed?: readonly string[];
}

export const parameterText = ({ name, type, description, value, allowed }: Parameter): string =>
  [
    `@description(${literal(description)})`,
    ...(allowed === undefined ? [] : [`@allowed(${valueText(allowed)})`]),
    `param ${name} ${type}${value === undefined ? "" : ` = ${valueText(value)}`}`,
  ].join("\n");

export interface Resource {
  readonly symbol: string;
  readonly type: string;
  readonly version: string;
  readonly body: { readonly [key: string]: BicepValue };
  /** It is there already, and only named here. */
  readonly isExisting?: boolean;
  /** An expression; the resource is made only when it is true. */
  readonly condition?: string;
  readonly comment?: string;
}

export const resourceText = ({ symbol, type, version, body, isExisting, condition, comment }: Resource): string => {
  const head = `resource ${symbol} ${literal(`${type}@${version}`)}${isExisting ? " existing" : ""} =`;
  const when = condition === undefined ? "" : ` if (${condition})`;
  return `${comment === undefined ? "" : `// ${comment}\n`}${head}${when} ${valueText(body)}`;
};

export const outputText = (name: string, description: string, expression: string): string =>
  `@description(${literal(description)})\noutput ${name} string = ${expression}`;

/** Names of things, each once, in the form that Bicep takes. Of two that differ in case alone one gets a number: ARM sees no case. */
export class Symbols {
  readonly #taken = new Set<string>();

  /**
   * `my-vault` becomes `vaultMyVault`; a second one of that name `vaultMyVault2`.
   * @param endings of the names that are made of it: they are taken, too
   */
  of(prefix: string, name: string, endings: readonly string[] = []): string {
    const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const plain = prefix + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    const all = (symbol: string): string[] => ["", ...endings].map((ending) => (symbol + ending).toLowerCase());
    let symbol = plain;
    for (let next = 2; all(symbol).some((each) => this.#taken.has(each)); next += 1) symbol = `${plain}${next}`;
    for (const each of all(symbol)) this.#taken.add(each);
    return symbol;
  }
}
