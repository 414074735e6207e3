/**
 * A check of Bicep text by its structure alone: no compiler. Quotes and brackets close, each name is declared once, what is
 * referred to is declared, and each type has a version that is known.
 */

import { ROLES } from "../../../azure/roles.ts";

/** Of Microsoft's template reference. */
const VERSIONS: Readonly<Record<string, string>> = {
  "Microsoft.LoadTestService/loadTests": "2022-12-01",
  "Microsoft.ManagedIdentity/userAssignedIdentities": "2023-01-31",
  "Microsoft.KeyVault/vaults": "2023-07-01",
  "Microsoft.Authorization/roleAssignments": "2022-04-01",
  "Microsoft.Web/sites": "2022-09-01",
  "Microsoft.Sql/servers/databases": "2021-11-01",
};

const FUNCTIONS = new Set([
  "resourceGroup",
  "subscriptionResourceId",
  "guid",
  "tenant",
  "empty",
  "description",
  "allowed",
]);
const WORDS = new Set([
  "true",
  "false",
  "existing",
  "if",
  "string",
  "bool",
  "targetScope",
  "param",
  "resource",
  "output",
]);

/** @returns what is wrong, one sentence each */
export const structureFaults = (bicep: string): string[] => {
  const { code, strings, faults } = withoutStrings(bicep);
  return [...faults, ...bracketFaults(code), ...nameFaults(code), ...typeFaults(bicep), ...roleFaults(strings)];
};

/** Strings and comments become blanks; what stands in `${…}` of a string is code and stays. */
const withoutStrings = (bicep: string): { code: string; strings: string[]; faults: string[] } => {
  const faults: string[] = [];
  const strings: string[] = [];
  const lines = bicep.split("\n").map((line, index) => {
    if (line.trimStart().startsWith("//")) return "";
    const code = line.replaceAll(/'((?:[^'\\]|\\.)*)'/g, (_whole, inner: string) => {
      strings.push(inner);
      return `"${[...inner.matchAll(/(?<!\\)\$\{([^}]*)\}/g)].map(([, name]) => ` ${name} `).join("")}"`;
    });
    if (code.includes("'")) faults.push(`line ${index + 1}: a quote that does not close`);
    return code;
  });
  return { code: lines.join("\n"), strings, faults };
};

const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

const bracketFaults = (code: string): string[] => {
  const open: string[] = [];
  for (const character of code) {
    if ("([{".includes(character)) open.push(character);
    else if (character in PAIRS && open.pop() !== PAIRS[character]) return [`${character} closes nothing`];
  }
  return open.length === 0 ? [] : [`${open.join("")} does not close`];
};

const nameFaults = (code: string): string[] => {
  const declared = [...code.matchAll(/^(?:param|resource) ([A-Za-z_]\w*)/gm)].map(([, name = ""]) => name);
  const outputs = [...code.matchAll(/^output ([A-Za-z_]\w*)/gm)].map(([, name = ""]) => name);
  const twice = [declared, outputs].flatMap((names) => repeated(names));
  const known = new Set(declared);
  const used = code
    .split("\n")
    .map((line) => line.replace(/^\s*(?:param|output) \w+/, "").replace(/^\s*resource \w+/, ""))
    // Keys of objects, and properties behind a dot, are no symbols.
    .flatMap((line) =>
      [...line.replace(/^\s*[A-Za-z_]\w*:/, "").matchAll(/(?<![\w.])[A-Za-z_]\w*/g)].map(([name]) => name),
    );
  const unknown = used.filter((name) => !known.has(name) && !FUNCTIONS.has(name) && !WORDS.has(name));
  return [
    ...twice.map((name) => `${name} is declared twice`),
    ...[...new Set(unknown)].map((name) => `${name} is not declared`),
  ];
};

/** ARM sees no case. */
const repeated = (names: readonly string[]): string[] => {
  const small = names.map((name) => name.toLowerCase());
  return names.filter((_name, index) => small.indexOf(small[index] ?? "") !== index);
};

const typeFaults = (bicep: string): string[] =>
  [...bicep.matchAll(/^resource \w+ '([^'@]+)@([^']+)'/gm)].flatMap(([, type = "", version]) =>
    VERSIONS[type] === version ? [] : [`${type}@${version} is not known`],
  );

const roleFaults = (strings: readonly string[]): string[] => {
  const known: readonly string[] = Object.values(ROLES);
  return strings
    .filter((text) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text) && !text.startsWith("00000000"))
    .filter((id) => !known.includes(id))
    .map((id) => `${id} is no role that is known`);
};
