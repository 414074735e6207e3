/**
 * Finds secrets that stand literally in a configuration. A secret belongs into the environment, `.env` or a file,
 * and the configuration names it: this one goes into version control.
 */

import type { Path } from "./fault.ts";
import { hasPlaceholder, literalParts, placeholderNames } from "./placeholder.ts";
import { hasWrittenPassword } from "./proxy.ts";
import { isSecretName, looksLikeToken } from "./secret-shape.ts";
import { secretParameters } from "./url-schema.ts";

// biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself
const INSTEAD = "put it into the environment or .env, and write its name here: ${NAME}, or env: NAME in auth";
const NAMED = "put it into the environment or .env, and name the variable (docs/auth.md)";

/**
 * @param text as it stands in the file, under the key `path`
 * @returns what is wrong with it, or null; never quotes it
 */
export const writtenSecret = (path: Path, text: string): string | null => {
  const literal = literalParts(text);
  const key = String(path.at(-1));
  if (isAuth(path) || isArgumentOfServer(path)) {
    const isArgument = path[3] === "run" || isArgumentOfServer(path);
    if (SECRET_KEY.test(key) || (isArgument && SECRET_ARGUMENT.test(literal))) {
      return `holds a secret in plain sight: ${NAMED}`;
    }
    if (isArgument && placeholderNames(text).some(isSecretName)) {
      return `puts a secret into the arguments of a program, which everybody on its machine can read: ${NAMED}`;
    }
  }
  if (isProxy(path) && hasWrittenPassword(text)) return `holds a password in plain sight: ${INSTEAD}`;
  if ((isHeader(path) || isVariableOfServer(path)) && isSecretName(key)) {
    const isNamed = hasPlaceholder(text) && /^\s*(?:bearer|basic|token|apikey)?\s*$/i.test(literal);
    return isNamed ? null : `holds a secret in plain sight: ${INSTEAD}`;
  }
  if (looksLikeToken(withoutRandomNames(path, literal))) {
    return `looks like a secret in plain sight: ${INSTEAD}`;
  }
  const [parameter] = key === "url" || isCollector(path) || path[2] === "memory" ? secretParameters(literal) : [];
  return parameter === undefined ? null : `has a secret in its query: ${INSTEAD}`;
};

/**
 * Some clouds make random host names, Key Vault calls a version by a random number, and so does git a commit: none is a
 * secret. Hashes and commits are usual in a requirement, too, which is looked at where it is read.
 */
export const withoutRandomNames = (path: Path, literal: string): string => {
  if (path.at(-1) === "url" || isCollector(path)) return literal.replace(/^https?:\/\/[^/?]*/i, "");
  if (path[0] !== "azure") return literal;
  if (path[1] === "requirements") return "";
  if (path[1] === "displayName" || path[1] === "description") return literal.replace(BASIC_WORDS, "");
  if (path[1] === "env" && COMMIT_NAME.test(String(path.at(-1)))) return literal.replace(COMMIT, "");
  return isVaultAddress(path) ? literal.replace(VAULT_VERSION, "$1") : literal;
};

/** `Basic smoke test`: words, where `Basic dXNlcjpwYXNz` is a credential. */
const BASIC_WORDS = /^\s*[Bb](?:asic|earer)\s+(?=[a-z-]+(?:\s|$))/;

const COMMIT_NAME = /(?:^|_)(?:commit|revision|sha\d*|digest)(?:_|$)/i;
const COMMIT = /^(?:sha256:)?(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

const VAULT_VERSION = /^(https:\/\/[^/?#]+\/(?:secrets|certificates)\/[^/?#]+)\/[0-9a-f]{32}$/i;

/** azure.secrets.NAME and azure.certificates.NAME */
const isVaultAddress = (path: Path): boolean =>
  path.length === 3 && path[0] === "azure" && (path[1] === "secrets" || path[1] === "certificates");

/** Keys under which nothing but a secret itself would stand. `secret` is not among them: it is the name of one. */
const SECRET_KEY =
  /^(access[-_]?token|api[-_]?key|assertion|bearer|client[-_]?secret|id[-_]?token|pass(word|phrase)?|private[-_]?key|pwd|refresh[-_]?token|token)$/i;

/** A credential within an argument of a program: `--password=...`, `Authorization: Bearer ...`. */
const SECRET_ARGUMENT = /\b(?:bearer|basic)\s+\S{6,}|(?:api[-_]?key|passw\w*|secret|token)\s*[=:]\s*[^\s$]{3,}/i;

/** servers.NAME.auth.KEY and below */
const isAuth = (path: Path): boolean => path.length >= 4 && path[2] === "auth";

/** servers.NAME.stdio.args.INDEX */
const isArgumentOfServer = (path: Path): boolean => path.length === 5 && path[2] === "stdio" && path[3] === "args";

/** servers.NAME.stdio.env.VARIABLE */
const isVariableOfServer = (path: Path): boolean => path.length === 5 && path[2] === "stdio" && path[3] === "env";

/** servers.NAME.connections.proxy */
const isProxy = (path: Path): boolean => path.length === 4 && path[2] === "connections" && path[3] === "proxy";

const isCollector = (path: Path): boolean => path.length === 2 && path[0] === "telemetry" && path[1] === "endpoint";

/** servers.NAME.headers.HEADER and telemetry.headers.HEADER */
const isHeader = (path: Path): boolean =>
  (path.length === 4 && path[2] === "headers") ||
  (path.length === 3 && path[0] === "telemetry" && path[1] === "headers");
