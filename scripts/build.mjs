/**
 * `npm run build`: makes `dist/bridge.cjs`, the bridge, one file that needs nothing beside it but a Node; `dist/swarmbridge.cjs`,
 * the command; and beside it what a report's page carries in itself, a script and a style.
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
const PAGE_ENTRIES = { script: "report/page/main.ts", style: "report/page/page.css" };
/** The page beside Locust's web UI: three files, since its policy lets nothing run that stands in the page itself. */
const LIVE_PAGE = ["main.ts", "page.css", "page.html"].map((name) => `report/page/live/${name}`);
const BUNDLES = Object.keys(ENTRIES).map((name) => `${FOLDER}/${name}.cjs`);
/** As `report/html/page-files.ts` looks for them. */
const PAGE_FILES = [`${FOLDER}/report-page.js`, `${FOLDER}/report-page.css`];
/** As `locustfiles/web_tab.py` looks for them. */
const LIVE_FILES = ["js", "css", "html"].map((kind) => `${FOLDER}/live-page.${kind}`);
const MADE = [...BUNDLES, ...PAGE_FILES, ...LIVE_FILES];
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

/**
 * How esbuild makes the script and the style of a report. Browsers of the last two years: older ones lack `light-dark()`,
 * and show the page without its colours. @type {import("esbuild").BuildOptions}
 */
export const pageOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  format: "iife",
  platform: "browser",
  target: ["chrome123", "firefox120", "safari17.5"],
  minify: true,
  // The licence of the chart library goes with it into every report.
  legalComments: "inline",
  charset: "utf8",
  logLevel: "silent",
};

export const isBuilt = () =>
  MADE.every((path) => existsSync(join(ROOT, path))) && isStamped(STAMP, fingerprint([], SOURCES));

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
  await esbuild.build({
    ...pageOptions,
    entryPoints: { "report-page": PAGE_ENTRIES.script },
    outdir: FOLDER,
  });
  await esbuild.build({ ...pageOptions, entryPoints: { "report-page": PAGE_ENTRIES.style }, outdir: FOLDER });
  for (const entry of LIVE_PAGE) {
    const entryPoints = { "live-page": entry };
    await esbuild.build({ ...pageOptions, entryPoints, loader: { ".html": "copy" }, outdir: FOLDER });
  }
  stamp(STAMP, print);
  return MADE.map((path) => `${path}, ${Math.round(statSync(join(ROOT, path)).size / 1000)} kB`).join("; ");
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await build());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = EXIT.wrongSetUp;
  }
}
