/** A virtual environment inside the project with what requirements files say. The user's own stay untouched. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./children.mjs";
import { pythonOf, ROOT } from "./project.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { fingerprint, isStamped, removeStamps, stamp } from "./stamp.mjs";

export class VirtualEnvironment {
  /**
   * @param {string} folder relative to the project
   * @param {string} chosen what the user chose its Python by; another choice makes it anew
   */
  constructor(folder, chosen) {
    this.folder = folder;
    this.chosen = chosen;
    this.python = pythonOf(folder);
    this.stampName = folder.replace(/\W+/g, "-").replace(/^-/, "");
  }

  /** Made from the same choice of Python, and that Python is still there. */
  get isMade() {
    return existsSync(this.python) && isStamped(`${this.stampName}-made`, this.#origin());
  }

  /** Version of its Python, as the environment itself says. */
  get pythonVersion() {
    const text = readFileSync(join(ROOT, this.folder, "pyvenv.cfg"), "utf8");
    return /^version(?:_info)?\s*=\s*(\d+\.\d+\.\d+)/m.exec(text)?.[1] ?? "unknown";
  }

  /** @param {string} distribution @returns {string} the version that is installed */
  versionOf(distribution) {
    const prefix = `${distribution}-`;
    const names = sitePackages(this.folder).flatMap((folder) => readdirSync(folder));
    const found = names.find((name) => name.startsWith(prefix) && name.endsWith(".dist-info"));
    return found?.slice(prefix.length, -".dist-info".length) ?? "unknown";
  }

  /** @param {string} requirements a file, relative to the project @returns whether it holds what the file says now */
  has(requirements) {
    return this.isMade && isStamped(`${this.stampName}-${requirements}`, this.#wants(requirements));
  }

  /**
   * @param {import("./python.mjs").Python} python
   * @param {(line: string) => void} onLine
   * @throws {SetUpError}
   */
  async make({ command, args }, onLine) {
    removeStamps(this.stampName);
    const venv = [...args, "-m", "venv", "--clear", join(ROOT, this.folder)];
    const { code, output } = await run(command, venv, { onLine });
    if (code !== 0) throw new SetUpError(`The virtual environment ${this.folder} could not be made.`, { output });
    stamp(`${this.stampName}-made`, this.#origin());
  }

  /**
   * @param {string} requirements a file, relative to the project
   * @param {(line: string) => void} onLine
   * @throws {SetUpError}
   */
  async install(requirements, onLine) {
    const pip = ["-m", "pip", "install", "--disable-pip-version-check", "-r", requirements];
    const { code, output } = await run(this.python, pip, { cwd: ROOT, onLine });
    if (code !== 0) throw new SetUpError(`pip could not install ${requirements} into ${this.folder}.`, { output });
    stamp(`${this.stampName}-${requirements}`, this.#wants(requirements));
  }

  /** A moved checkout counts as another one: an environment has its own path written into its programs. */
  #origin() {
    return fingerprint([this.chosen, ROOT], []);
  }

  /** @param {string} requirements */
  #wants(requirements) {
    return fingerprint([this.#origin()], [requirements]);
  }
}

/** @param {string} venv @returns {string[]} */
const sitePackages = (venv) => {
  if (process.platform === "win32") return [join(ROOT, venv, "Lib", "site-packages")];
  const lib = join(ROOT, venv, "lib");
  return readdirSync(lib).map((python) => join(lib, python, "site-packages"));
};
