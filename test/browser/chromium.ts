/** Starts the Chromium of an npm package. Its files are unpacked once a machine, whole or not at all, however many tests ask. */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { type Browser, launch } from "puppeteer-core";

/** With a profile of its own, which is removed when it is closed. The package's own arguments switch security off. */
export const startChromium = async (): Promise<Browser> =>
  launch({
    executablePath: await unpackedChromium(),
    headless: "shell",
    args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--font-render-hinting=none", "--force-color-profile=srgb"],
  });

/**
 * The package takes a file that is there for one that is complete. So it unpacks into a folder of this process, which gets
 * the common name when it is done; who finds it taken was slower, and throws its own away.
 */
const unpackedChromium = async (): Promise<string> => {
  const shared = join(tmpdir(), `swarmbridge-chromium-${packageVersion()}`);
  const program = join(shared, "chromium");
  if (existsSync(program)) return program;
  const own = mkdtempSync(`${shared}.`);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = own;
  try {
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  try {
    renameSync(own, shared);
  } catch (error) {
    if (!existsSync(program)) throw error;
    rmSync(own, { recursive: true, force: true });
  }
  return program;
};

const packageVersion = (): string => {
  const manifest = new URL("../package.json", import.meta.resolve("@sparticuz/chromium"));
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
};
