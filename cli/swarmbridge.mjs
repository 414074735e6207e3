#!/usr/bin/env node
/**
 * What `npx swarmbridge` starts: looks whether this Node is new enough and the command is built, then runs it. Imports
 * nothing at first and uses no late syntax, so that an old Node gets as far as the sentence.
 */

const OLDEST_NODE = 22;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(
    `swarmbridge needs Node ${OLDEST_NODE} or newer, this is ${process.versions.node}. In the checkout, npx swarmbridge brings its own.`,
  );
  process.exit(3);
}

const { existsSync } = await import("node:fs");
const built = new URL("../dist/swarmbridge.cjs", import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  console.error("swarmbridge is not built yet: run npm ci && npm run build in its checkout (npm start does both).");
  process.exitCode = 3;
}
