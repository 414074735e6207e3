import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { renderHtml } from "../../report/html/render-html.ts";
import { everyBlock } from "../report/every-block.ts";
import { startChromium } from "./chromium.ts";
import { pageFromSource } from "./page-from-source.ts";

const SCREENSHOTS = join(import.meta.dirname, "..", "..", "test-results");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let folder: string;
let url: string;
let page: Page;
/** What a report must never do: errors, dialogs, requests. */
let wrong: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "report-page-"));
  const file = join(folder, "report.html");
  writeFileSync(file, renderHtml(everyBlock(), await pageFromSource()));
  url = pathToFileURL(file).href;
  browser = await startChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  page = await browser.newPage();
  wrong = [];
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("request", (request) => request.url() !== url && wrong.push(`asked for ${request.url()}`));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
});

afterEach(async () => {
  await page.close();
});

/** With a window as high as the page, so that every chart is in sight; awaits that they are drawn. */
const openWhole = async (width: number, scheme: "light" | "dark"): Promise<void> => {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 4200 });
  await page.goto(url);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("main > section > figure")].every((figure) => figure.querySelector(".plot canvas")),
  );
};

const textOf = (selector: string): Promise<string> => page.$eval(selector, (found) => (found.textContent ?? "").trim());

describe("the page of a report", () => {
  test.each([
    [360, "light"],
    [360, "dark"],
    [800, "light"],
    [800, "dark"],
    [1400, "light"],
    [1400, "dark"],
  ] as const)(
    "%i pixels wide and %s, fits, breaks no rule of accessibility and asks for nothing",
    async (width, scheme) => {
      await openWhole(width, scheme);
      mkdirSync(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: join(SCREENSHOTS, `report-${width}-${scheme}.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);

      await page.evaluate(AXE);
      const found = (await page.evaluate("axe.run({ resultTypes: ['violations', 'passes'] })")) as AxeResults;
      expect(found.passes.length, "rules that had something to look at").toBeGreaterThan(20);
      const grave = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
      expect(wrong).toEqual([]);
    },
  );

  test("shows hostile names as text: no element, no script, no dialog comes of them", async () => {
    await openWhole(1400, "light");
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    await page.waitForFunction(() => document.querySelectorAll(".values table").length === 5);
    expect(await page.$$eval("script", (scripts) => scripts.length)).toBe(2);
    expect(await page.$$eval("img, iframe, object, embed, form, [onmouseover], [onerror]", (all) => all.length)).toBe(
      0,
    );
    expect(await page.$$eval("a", (links) => links.every((link) => link.getAttribute("href")?.startsWith("#")))).toBe(
      true,
    );
    expect(await textOf("main")).toContain("</script><script>alert('out')</script>");
    expect(wrong).toEqual([]);
  });

  test("runs no script but its own, should one ever get in", async () => {
    await page.goto(url);
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken'";
      document.body.append(script);
      return document.title;
    });
    expect(ran).not.toBe("taken");
    expect(wrong.join()).toContain("Content Security Policy");
  });

  test("reads a chart by keyboard, and says each value", async () => {
    await openWhole(1400, "light");
    await page.focus('[data-chart="1"] .plot');
    await page.keyboard.press("End");
    expect(await textOf('[data-chart="1"] .reading')).toMatch(/^59:50: p50: [\d.]+ ms, p95: /);
    await page.keyboard.press("ArrowLeft");
    expect(await textOf('[data-chart="1"] .reading')).toMatch(/^59:40: /);
    await page.keyboard.press("Escape");
    expect(await textOf('[data-chart="1"] .reading')).toBe("");

    await page.focus('[data-chart="0"] .plot');
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowUp");
    expect(await textOf('[data-chart="0"] .reading')).toMatch(/^0:00, 6.75 ms to 9.11 ms: \d+$/);
    expect(wrong).toEqual([]);
  });

  test("reaches all that can be used with the Tab key", async () => {
    await openWhole(1400, "light");
    const reached = new Set<string>();
    for (let press = 0; press < 60; press += 1) {
      await page.keyboard.press("Tab");
      reached.add(
        await page.evaluate(() => document.activeElement?.className || document.activeElement?.tagName || ""),
      );
    }
    expect([...reached]).toEqual(
      expect.arrayContaining(["skip", "scheme", "A", "scroll", "BUTTON", "unfold", "plot", "SUMMARY"]),
    );
  });

  test("sorts a table by its headers, and keeps its later rows folded until they are asked for", async () => {
    await page.goto(url);
    const shown = () =>
      page.$$eval("#tools table[data-shown-rows] tbody tr:not([hidden])", (rows) =>
        rows.map((row) => (row.cells[0]?.textContent ?? "").replace(/.*_/, "")),
      );
    expect(await shown()).toHaveLength(15);
    const [, , , , p95] = await page.$$("#tools thead button");
    await p95?.press("Enter");
    expect((await shown()).slice(0, 3)).toEqual(["39", "38", "37"]);
    expect(await page.$$eval("[aria-sort]", (heads) => heads.map((head) => head.getAttribute("aria-sort")))).toEqual([
      "descending",
    ]);
    await p95?.press("Enter");
    expect((await shown()).slice(0, 2)).toEqual(["0", "1"]);
    expect(await textOf(".unfold")).toBe("Show all 40 rows (25 more)");
    await page.focus(".unfold");
    await page.keyboard.press("Enter");
    expect(await shown()).toHaveLength(40);
  });

  test("says in a legend why a line is not seen", async () => {
    await openWhole(1400, "light");
    const names = await page.$$eval('[data-chart="1"] .legend li', (all) => all.map((each) => each.textContent));
    expect(names).toEqual([
      "p50",
      "p95",
      "p99",
      "max: the same as p99, which hides it",
      "slo p95: 500 ms",
      "slo p99: 9 s, above the picture",
      "p99.9: no value",
    ]);
    expect(await page.$$eval('[data-chart="1"] .legend button', (all) => all.length)).toBe(4);
  });

  test("hides a series by its name in the legend", async () => {
    await openWhole(1400, "light");
    const before = await picture(1);
    await page.click('[data-chart="1"] .legend button');
    expect(await page.$eval('[data-chart="1"] .legend button', (button) => button.ariaPressed)).toBe("false");
    expect(await picture(1)).not.toBe(before);
  });

  test("keeps a series hidden in other colours, and a table unfolded after printing", async () => {
    await openWhole(1400, "light");
    await page.click('[data-chart="1"] .legend button');
    const hidden = await picture(1);
    await page.click(".scheme");
    await page.click(".scheme");
    expect(await page.$eval('[data-chart="1"] .legend button', (button) => button.ariaPressed)).toBe("false");
    expect(await picture(1)).toBe(hidden);
    await page.click(".unfold");
    await page.evaluate(() => {
      dispatchEvent(new Event("beforeprint"));
      dispatchEvent(new Event("afterprint"));
    });
    expect(await page.$$eval("tbody tr[hidden]", (rows) => rows.length)).toBe(0);
  });

  test("reads a heat map under the pointer, and forgets it when the pointer has left", async () => {
    await openWhole(1400, "light");
    const before = await picture(0);
    const plot = await page.$('[data-chart="0"] .plot');
    await plot?.hover();
    expect(await textOf('[data-chart="0"] .reading')).toMatch(/^\d+:\d\d, [\d.]+ ms to [\d.]+ ms: \d+$/);
    await page.mouse.move(2, 2);
    expect(await textOf('[data-chart="0"] .reading')).toBe("");
    expect(await picture(0)).toBe(before);
    expect(await page.$$eval('[data-chart="0"] .legend li', (all) => all.length)).toBe(6);
  });

  test("marks the last section in the contents at the end of the page, however short it is", async () => {
    await page.setViewport({ width: 1400, height: 900 });
    await page.goto(url);
    const marked = () => page.$$eval("[aria-current]", (links) => links.map((link) => link.getAttribute("href")));
    await page.waitForSelector('[aria-current][href="#answers"]');
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForSelector('[aria-current][href="#setting"]');
    expect(await marked()).toEqual(["#setting"]);
  });

  test("draws its charts in other colours when the scheme is changed by hand, and by the system", async () => {
    await openWhole(1400, "light");
    const light = await picture(0);
    expect(await textOf(".scheme")).toBe("Dark colours");
    await page.click(".scheme");
    const dark = await picture(0);
    expect(dark).not.toBe(light);
    await page.click(".scheme");
    expect(await picture(0)).toBe(light);

    await openWhole(1400, "light");
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await page.waitForFunction(() => document.querySelector(".scheme")?.textContent === "Light colours");
    expect(await picture(0)).toBe(dark);
  });

  test("prints with all charts drawn and all rows open, and is as before afterwards", async () => {
    await page.setViewport({ width: 1400, height: 800 });
    await page.goto(url);
    await page.evaluate(() => {
      addEventListener("beforeprint", () => {
        document.body.dataset.printed = [
          document.querySelectorAll(".plot canvas").length,
          document.querySelectorAll("tbody tr[hidden]").length,
          document.querySelectorAll("details:not(.values, [open])").length,
          document.documentElement.dataset.scheme,
        ].join();
      });
    });
    const paper = Buffer.from(await page.pdf({ format: "A4" }));
    expect(paper.subarray(0, 5).toString()).toBe("%PDF-");
    expect(await page.evaluate(() => document.body.dataset.printed)).toBe("5,0,0,light");
    expect(await page.$$eval("tbody tr[hidden]", (rows) => rows.length)).toBe(25);
    expect(wrong).toEqual([]);
  });

  test("shows every text and every row without script, and says what is missing", async () => {
    await page.setJavaScriptEnabled(false);
    await page.goto(url);
    expect(await textOf("noscript")).toContain("need JavaScript");
    expect(await page.$$eval("#tools table:first-of-type tbody tr", (rows) => rows.length)).toBe(40 + 12);
    expect(await textOf("#latency .says")).toContain("Most answers took 20 to 60 ms");
    expect(wrong).toEqual([]);
  });
});

/** What a chart shows, as a string of its pixels. */
const picture = (chart: number): Promise<string> =>
  page.$eval(`[data-chart="${chart}"] .plot canvas`, (canvas) => (canvas as HTMLCanvasElement).toDataURL());
