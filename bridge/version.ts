/** The product's version; the bundler puts package.json's in, a run from the sources reads it. */
import { readFileSync } from "node:fs";

declare const SWARMBRIDGE_VERSION: string | undefined;

const fromPackage = (): string => {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
};

export const VERSION: string = typeof SWARMBRIDGE_VERSION === "string" ? SWARMBRIDGE_VERSION : fromPackage();
