/** The page beside Locust's web UI in Chromium, with what locustfiles/web_tab.py would answer: its routes are tested there. */
import { mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import { build } from "esbuild";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pageOptions } from "../../scripts/build.mjs";
import { startChromium } from "./chromium.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = "</script><img src=x onerror=alert(1)>\u202Egnp";
/** The policy that web_tab.py sends, read from it: a page that needs more than that fails here. */
const POLICY = Array.from(
  (
    /_PAGE_POLICY = \(([^)]*)\)/.exec(readFileSync(join(ROOT, "locustfiles", "web_tab.py"), "utf8"))?.[1] ?? ""
  ).matchAll(/"([^"]*)"/g),
  ([, text]) => text,
).join("");

const row = (name: string, failures = 0) => ({
  name,
  operations: 1200,
  failures,
  firstEventP50: "12.5",
  firstEventP95: "40.1",
  p50: "13.0",
  p95: "41.2",
  p99: "~120",
});

const VIEW = {
  state: "running",
  run: "20261122-004228-multi-i2ot",
  elapsedS: 75.4,
  runTimeS: 120,
  silence: null,
  figures: {
    users: 17,
    inFlight: 4,
    operations: 2400,
    failures: 12,
    perSecond: 31.5,
    hiddenPerOperation: 0.2,
    p50: "13.0",
    p95: "41.2",
    sessions: [
      { server: "learn", open: 9, peak: 10 },
      { server: HOSTILE, open: 8, peak: 8 },
    ],
    reasons: [{ reason: "timeout", count: 12, whose: "wire" }],
    names: [row("learn:tools/call:microsoft_docs_search"), row(`learn:tools/call:${HOSTILE}`, 12)],
    harnessDelay: [
      { half: "before", p50: "0.40", p99: "2.1" },
      { half: "after", p50: "0.90", p99: "4.4" },
    ],
    generator: { level: "strained", reasons: ["Locust used 80% of its core in 7 of 75 seconds (mean 64%)"] },
  },
  runs: [
    { key: "bSm7WvfLPfGc5AWA", run: "20261122-003000-multi-aaaa", isHere: true, elsewhere: [] },
    {
      key: "cSm7WvfLPfGc5AWB",
      run: "20261122-002000-multi-bbbb",
      isHere: false,
      elsewhere: ["worker-1 on other-host"],
    },
  ],
};

let server: Server;
let browser: Browser;
let page: Page;
let url: string;
let view: unknown;
let isDown: boolean;
let wrong: string[];

beforeAll(async () => {
  const [script = "", style = ""] = await Promise.all(
    ["main.ts", "page.css"].map(async (name) => {
      const entryPoints = [join(ROOT, "report", "page", "live", name)];
      const { outputFiles } = await build({ ...pageOptions, entryPoints, outdir: "dist", write: false });
      return outputFiles[0]?.text ?? "";
    }),
  );
  const files: Readonly<Record<string, readonly [type: string, text: () => string]>> = {
    "/swarmbridge/": ["text/html", () => readFileSync(join(ROOT, "report", "page", "live", "page.html"), "utf8")],
    "/swarmbridge/live.js": ["text/javascript", () => script],
    "/swarmbridge/live.css": ["text/css", () => style],
    "/swarmbridge/live.json": ["application/json", () => JSON.stringify(view)],
  };
  server = createServer((request, response) => {
    const [type, text] = files[request.url ?? ""] ?? [];
    if (type === undefined || text === undefined) wrong.push(`asked for ${request.url}`);
    const status = text === undefined ? 404 : isDown ? 503 : 200;
    response.writeHead(status, { "content-type": `${type}; charset=utf-8`, "content-security-policy": POLICY });
    response.end(text?.());
  }).listen(0, "127.0.0.1");
  browser = await startChromium();
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/swarmbridge/`;
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  view = VIEW;
  isDown = false;
  wrong = [];
  page = await browser.newPage();
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
});

afterEach(() => page.close());

const open = async (width: number, scheme: "light" | "dark" = "light"): Promise<void> => {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 1300 });
  await page.goto(url);
  await page.waitForSelector("#state:not(:empty)");
  await page.waitForFunction(() => document.querySelector("#state")?.textContent !== "no figures yet");
};
const textOf = (selector: string): Promise<string> => page.$eval(selector, (found) => (found.textContent ?? "").trim());

describe("the live page", () => {
  test.each([
    [360, "light"],
    [360, "dark"],
    [800, "dark"],
    [1400, "light"],
  ] as const)("%i pixels wide and %s, fits and breaks no rule of accessibility", async (width, scheme) => {
    await open(width, scheme);
    const folder = join(ROOT, "test-results");
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `live-page-${width}-${scheme}.png`) });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);

    // The page's policy runs no script but its own files: the checker comes in past it.
    const checked = await page.createCDPSession();
    await checked.send("Runtime.evaluate", { expression: AXE });
    const found = (await page.evaluate("axe.run({ resultTypes: ['violations', 'passes'] })")) as AxeResults;
    expect(found.passes.length, "rules that had something to look at").toBeGreaterThan(15);
    const grave = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    expect(wrong).toEqual([]);
  });

  test("shows hostile names as text", async () => {
    expect(POLICY, "the policy of web_tab.py").toMatch(/^default-src 'none'; script-src 'self'/);
    await open(1400);
    expect(await textOf("#sessions")).toContain(HOSTILE);
    expect(await textOf("#names")).toContain(HOSTILE);
    expect(await page.$$eval("img, [onerror]", (all) => all.length)).toBe(0);
    expect(wrong).toEqual([]);
  });

  test("says how the run goes, and whose its failures are", async () => {
    await open(1400);
    expect(await textOf("#state")).toBe("20261122-004228-multi-i2ot: running, 1 min 15 s of 2 min 0 s");
    expect(await textOf("#now")).toContain("sessions open17");
    expect(await textOf("#reasons tbody")).toBe("timeout12the network");
    expect(await textOf("#generator")).toBe("strained");
    expect(await textOf("#generator-reasons")).toContain("80% of its core");
  });

  test("says that a bridge is silent, and that making a report would be felt by the run", async () => {
    await open(1400);
    expect(await textOf("#silence")).toBe("");
    expect(await page.$eval("#run-going-on", (found) => (found as HTMLElement).hidden)).toBe(false);
    const silence = "a bridge has not answered for 7 s: its figures are as old as that";
    view = { ...VIEW, silence, figures: { ...VIEW.figures, perSecond: null } };
    await page.waitForFunction(() => document.querySelector("#silence")?.textContent?.includes("for 7 s"));
    expect(await textOf("#now")).toContain("operations per second-");
    view = { ...VIEW, state: "ended" };
    await page.waitForFunction(() => document.querySelector<HTMLElement>("#run-going-on")?.hidden);
    expect(wrong).toEqual([]);
  });

  test("links the report of a run that is here, and says where the others are", async () => {
    await open(1400);
    const links = await page.$$eval("#runs a", (all) => all.map((link) => link.getAttribute("href")));
    expect(links).toEqual(["runs/bSm7WvfLPfGc5AWA/report", "runs/bSm7WvfLPfGc5AWA/run.json"]);
    expect(await textOf("#runs li:last-child")).toContain("its record is on other machines: worker-1 on other-host");
  });

  test("keeps the focus while its figures change, and goes on after Locust was away", async () => {
    await open(1400);
    await page.focus("#runs a");
    view = { ...VIEW, figures: { ...VIEW.figures, users: 18 } };
    await page.waitForFunction(() => document.querySelector("#now")?.textContent?.includes("users18"));
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Report");
    isDown = true;
    await page.waitForFunction(() => document.querySelector("#state")?.textContent?.includes("does not answer"));
    isDown = false;
    await page.waitForFunction(() => document.querySelector("#state")?.textContent?.includes("running"));
  });
});
