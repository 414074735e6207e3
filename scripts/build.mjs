/**
 * `npm run build`: makes `dist/bridge.cjs`, the bridge, and `dist/swarmbridge.cjs`, the command; each is one file that needs
 * nothing beside it but a Node.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PACKAGE, ROOT } from "./project.mjs";
import { EXIT } from "./set-up-error.mjs";
import { fingerprint, isStamped, stamp } from "./stamp.mjs";

const FOLDER = "dist";
/** Name of each bundle and the file that it begins with. */
const ENTRIES = { bridge: "bridge/main.ts", swarmbridge: "cli/main.ts" };
const BUNDLES = Object.keys(ENTRIES).map((name) => `${FOLDER}/${name}.cjs`);
/** All that can end up in the bundles, and how they are made. */
const SOURCES = [
  "bridge",
  "cli",
  "azure",
  "gate",
  "auth",
  "record",
  "diagnosis",
  "capacity",
  "report",
  "traffic",
  "config",
  "package.json",
  "package-lock.json",
  "scripts/build.mjs",
];
const STAMP = "bridge-built";

/** Node 22 is the oldest that Python accepts (locustfiles/bridge_process.py). */
const TARGET = "node22";

/** How esbuild makes a bundle; tests make others like it. @type {import("esbuild").BuildOptions} */
export const bundleOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  // An ESM bundle fails on the dynamic require of express's dependencies.
  format: "cjs",
  platform: "node",
  target: TARGET,
  define: {
    SWARMBRIDGE_VERSION: JSON.stringify(PACKAGE.version),
    // A CommonJS file has none. The sources take its absence for being bundled (record/start-recorder.ts).
    "import.meta.url": "undefined",
  },
  // Node reads all of the file at each start, and most of it is for Azure or express and seldom runs. Names stay, and
  // short lines, so that a stack trace still says where.
  minifyWhitespace: true,
  lineLimit: 200,
  legalComments: "eof",
  logLevel: "silent",
};

export const isBuilt = () =>
  BUNDLES.every((path) => existsSync(join(ROOT, path))) && isStamped(STAMP, fingerprint([], SOURCES));

/** @returns {Promise<string>} what was made @throws an error of esbuild's, its message names the lines */
export const build = async () => {
  const print = fingerprint([], SOURCES);
  // Here and not above: the set-up imports this file before the npm packages are there.
  const esbuild = await import("esbuild");
  await esbuild.build({
    ...bundleOptions,
    entryPoints: ENTRIES,
    outdir: FOLDER,
    outExtension: { ".js": ".cjs" },
  });
  stamp(STAMP, print);
  return BUNDLES.map((path) => `${path}, ${Math.round(statSync(join(ROOT, path)).size / 1000)} kB`).join("; ");
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await build());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = EXIT.wrongSetUp;
  }
}
