/** Remembers under `.setup/` from what a step was made, so that it is skipped while that has not changed. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./project.mjs";

const FOLDER = join(ROOT, ".setup");

/**
 * @param {readonly string[]} parts any text that the result depends on
 * @param {readonly string[]} paths files and folders whose content it depends on, relative to the project
 * @returns {string}
 */
export const fingerprint = (parts, paths) => {
  const hash = createHash("sha256").update(JSON.stringify(parts));
  for (const path of paths.flatMap(filesOf).sort()) hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
  return hash.digest("hex");
};

/** @param {string} name @param {string} print @returns {boolean} whether the step was last done from the same */
export const isStamped = (name, print) => {
  try {
    return readFileSync(join(FOLDER, name), "utf8") === print;
  } catch {
    return false; // never done, or its stamp cannot be read: doing it again is always right
  }
};

/** @param {string} name @param {string} print */
export const stamp = (name, print) => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, name), print);
};

/** @param {string} prefix forgets every step whose name begins with it */
export const removeStamps = (prefix) => {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readdirSync(FOLDER)) {
    if (name.startsWith(prefix)) rmSync(join(FOLDER, name));
  }
};

/** @param {string} path @returns {string[]} */
const filesOf = (path) => {
  try {
    return readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesOf(`${path}/${entry.name}`) : [`${path}/${entry.name}`],
    );
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOTDIR") return [path];
    if (code === "ENOENT") return [];
    throw error;
  }
};
