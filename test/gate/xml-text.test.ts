import { expect, test } from "vitest";
import { xmlAttributes, xmlText } from "../../gate/xml-text.ts";
import { parseXml } from "./xml.ts";

/** What XML 1.0 does not take, what turns or hides the text of a line, and what would end a tag. */
const HOSTILE = `a\u0000\u001b[31m\u0085\ud800\ufffe\u202e\u2066\u200b\ufeff\u2028\u{e0041}</a><b c="&lt;">`;

test("no control, format or lone character is left, and no tag ends", () => {
  const text = xmlText(HOSTILE);
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe<>]/u);
  expect(parseXml(`<a${xmlAttributes({ name: HOSTILE })}>${text}</a>`)).toMatchObject({
    attributes: { name: expect.stringContaining('</a><b c="&lt;">') },
    children: [],
  });
});

test("lines, tabs and letters of all languages stay", () => {
  expect(xmlText("a\tb\nü 日本 🙂")).toBe("a\tb\nü 日本 🙂");
});
