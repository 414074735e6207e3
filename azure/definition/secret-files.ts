/** Files that nobody uploads on purpose: by their names, by what is in them, and because a server's `auth` reads them. */

import { realpathSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileReaderIn } from "../../auth/real-world.ts";
import type { Path } from "../../config/fault.ts";
import { isFile } from "../../config/find-file.ts";
import { isMap } from "../../config/is-map.ts";
import { PRIVATE_KEY } from "../../config/secret-text.ts";
import type { Settings } from "../../config/settings.ts";
import { textsIn } from "./draft.ts";
import { readBeginning } from "./local-file.ts";

/** `credentials.py` is a module, `credentials_questions.csv` may be data. */
const SECRET_NAME =
  /^\.env|^[._](?:netrc|npmrc|pypirc|pgpass|git-credentials|htpasswd)$|^id_(?:rsa|dsa|ecdsa|ed25519)(?:[_.].*)?$|^credentials(?:\.(?:json|ya?ml|ini|toml|xml|txt|csv))?$|\.(?:pem|key|pfx|p12|jks|ppk|token)$/i;

/** What a server names with these keys is looked at by its content alone. */
const PUBLIC_KINDS: Readonly<Record<string, RegExp>> = { ca: /\.pem$/i, cert: /\.pem$/i, csv: /\.csv$/i };

/** Keys and lists of certificates are smaller. */
const LOOKED_AT_BYTES = 1024 * 1024;

/**
 * @param read by `auth`, as `filesOfAuth` finds them
 * @param key of `loadtest.yaml` that brings the file along
 * @returns what it is, to follow "would upload NAME, "; null when it may go up
 * @throws {AzureError} AZURE_FILE when it cannot be read
 */
export const secretFile = (path: string, key: Path, read: ReadonlySet<string>): string | null => {
  if (read.has(identityOf(path))) return "which auth of a server reads its secret from";
  const real = basename(realpathSync(path));
  const isPublic = PUBLIC_KINDS[String(key.at(-1))];
  for (const name of [basename(path), real]) {
    if (SECRET_NAME.test(name) && !isPublic?.test(name)) {
      return name === basename(path) ? "a file of secrets" : `a link to a file of secrets, ${name}`;
    }
  }
  return PRIVATE_KEY.test(readBeginning(path, LOOKED_AT_BYTES)) ? "which holds a private key" : null;
};

/** Also of servers that are not tested: their files lie in the same folders. */
export const filesOfAuth = ({ servers, folder }: Settings): ReadonlySet<string> => {
  const read = fileReaderIn(folder);
  const named = Object.values(servers).flatMap(({ auth: { run: _program, identities, ...auth } }) => {
    const { csv, ...others } = isMap(identities) ? identities : {};
    const cells = typeof csv === "string" ? cellsOf(csv, read) : [];
    return [...textsIn([auth, others], []).map(([, text]) => text), ...cells];
  });
  const paths = [...new Set(named)].map((name) => resolve(folder, name)).filter(isFile);
  return new Set(paths.map(identityOf));
};

/** Of columns that name files. Whether the list is well-formed is said elsewhere. */
const cellsOf = (csv: string, read: (path: string) => string): string[] => {
  try {
    const [head = [], ...rows] = read(csv)
      .split(/\r?\n/)
      .map((row) => row.split(",").map((cell) => cell.trim().replaceAll('"', "")));
    return rows.flatMap((row) => row.filter((_, column) => /file|path|key/i.test(head[column] ?? "")));
  } catch {
    return []; // not readable: it is among the files to upload, and told there
  }
};

/** The same for a link, symbolic or not. */
const identityOf = (path: string): string => {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
};
