/**
 * A program that stands for `xdg-open`, a browser and the person before it: opens the fake's page, sends its form, and
 * notes the URL in the file that `FAKE_BROWSER_LOG` names.
 */
export const FAKE_BROWSER = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const url = process.argv.at(-1);
if (process.env.FAKE_BROWSER_LOG) appendFileSync(process.env.FAKE_BROWSER_LOG, url + "\\n");
(async () => {
  const page = await (await fetch(url)).text();
  const form = new URLSearchParams();
  for (const [, name, value] of page.matchAll(/name="([^"]*)" value="([^"]*)"/g)) form.set(name, decodeURIComponent(value));
  await fetch(/action="([^"]*)"/.exec(page)[1], { method: "POST", body: form });
})();
`;
