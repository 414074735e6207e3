/**
 * Files of a browser login, in the user's own configuration folder. They hold a refresh token: nobody else may read
 * them, and nobody else can have put them there.
 */

import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Lookup } from "../../config/environment.ts";
import { AuthError } from "../auth-error.ts";

/** A login of a user in many tenants is some 100 kB. */
const LARGEST_BYTES = 4 * 1024 * 1024;
const OTHERS = 0o077;
/** Windows has neither the flag nor modes; its profile folder is the user's by its access list. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** @returns the folder of this program's files, `XDG_CONFIG_HOME` and `APPDATA` respected */
export const loginFolder = (lookup: Lookup, platform: NodeJS.Platform = process.platform): string => {
  const named = lookup(platform === "win32" ? "APPDATA" : "XDG_CONFIG_HOME");
  return join(named ?? join(homedir(), ".config"), "swarmbridge");
};

/**
 * @returns the text, or null when there is no such file
 * @throws {AuthError} AUTH_UNREADABLE: a link, another user's, open to others, too large
 */
export const readLogin = (folder: string, name: string): string | null => {
  const path = join(folder, name);
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | NO_FOLLOW);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new AuthError("AUTH_UNREADABLE", { place: path }, { cause });
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new AuthError("AUTH_UNREADABLE", { place: path, why: "not a file" });
    if (!isPrivate(stat))
      throw new AuthError("AUTH_UNREADABLE", { place: path, why: "others may read or have made it" });
    if (stat.size > LARGEST_BYTES) throw new AuthError("AUTH_UNREADABLE", { place: path, why: "too large" });
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
};

/**
 * Replaces the file as a whole: a reader sees the old or the new one, and a link in its place is replaced, not followed.
 * @throws {AuthError} AUTH_UNREADABLE when the folder is not the user's own; else the file system's error
 */
export const writeLogin = (folder: string, name: string, text: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || !isPrivate(stat)) {
    throw new AuthError("AUTH_UNREADABLE", { place: folder, why: "not a folder of yours alone (chmod 700)" });
  }
  const draft = join(folder, `.${name}.${randomUUID()}`);
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    renameSync(draft, join(folder, name));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
};

const isPrivate = ({ uid, mode }: { uid: number; mode: number }): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & OTHERS) === 0);
