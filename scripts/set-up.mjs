/** What a checkout needs before anything runs, step by step; a step is skipped when nothing it depends on changed. */
import { build, isBuilt } from "./build.mjs";
import { print, step } from "./console.mjs";
import { findNpm, hasNpmPackages, installNpmPackages } from "./npm-packages.mjs";
import { findPython, findPython39 } from "./python.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { VirtualEnvironment } from "./virtual-environment.mjs";

const chosenPython = process.env.SWARMBRIDGE_PYTHON ?? "";

/** The newest Locust that the machine's Python takes. */
export const newest = new VirtualEnvironment(".venv", chosenPython);
/** Locust as Azure Load Testing's engines have it, on their Python 3.9 where the machine has one. */
export const oldest = new VirtualEnvironment(
  ".venvs/oldest",
  `${process.env.SWARMBRIDGE_PYTHON39 ?? ""} ${chosenPython}`,
);

/** What `npm start` needs. */
export const setUpForStart = async () => {
  if (hasNpmPackages() && newest.has("requirements.txt") && isBuilt()) {
    print("  npm packages, Python packages and the bridge are up to date");
    return;
  }
  await ensureNpmPackages();
  await ensurePython(newest, findPython, ["requirements.txt"]);
  await ensureBridge();
};

/** What `npm test` needs. */
export const setUpForTest = async () => {
  await ensureNpmPackages();
  await ensurePython(newest, findPython, ["requirements.txt", "requirements-dev.txt"]);
  await ensurePython(oldest, async () => (await findPython39()) ?? findPython(), ["requirements-oldest.txt"]);
  await ensureBridge();
};

const ensureNpmPackages = async () => {
  if (hasNpmPackages()) return;
  await step("npm packages", async (saying) => {
    const npm = await findNpm();
    await installNpmPackages(saying);
    return `Node ${process.versions.node}, npm ${npm}`;
  });
};

/**
 * @param {VirtualEnvironment} environment
 * @param {() => Promise<import("./python.mjs").Python>} find
 * @param {readonly string[]} requirements
 */
const ensurePython = async (environment, find, requirements) => {
  if (!environment.isMade) {
    await step(environment.folder, async (saying) => {
      const python = await find();
      await environment.make(python, saying);
      return `Python ${python.version}`;
    });
  }
  const missing = requirements.filter((file) => !environment.has(file));
  if (missing.length === 0) return;
  await step("Python packages", async (saying) => {
    for (const file of missing) await environment.install(file, saying);
    return missing.join(", ");
  });
};

const ensureBridge = async () => {
  if (isBuilt()) return;
  await step("bridge", async () => {
    try {
      return await build();
    } catch (error) {
      throw new SetUpError("The bridge could not be built.", { output: String(error) });
    }
  });
};
