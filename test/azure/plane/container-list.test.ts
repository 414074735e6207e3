import { expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import { listed } from "../../../azure/plane/container-list.ts";

const blob = (name: string, more = "") =>
  `<Blob>${name}<Properties><Content-Length>12</Content-Length>${more}</Properties></Blob>`;
const list = (blobs: string) =>
  `<?xml version="1.0"?><EnumerationResults><Blobs>${blobs}</Blobs><NextMarker /></EnumerationResults>`;

test("names are read with what XML writes in another way", () => {
  const xml = list(blob("<Name>a&amp;b &lt;&#49;&#x32;&gt; &quot;&apos; &amp;lt;.csv</Name>"));
  expect(listed(xml)).toEqual({ found: [{ name: "a&b <12> \"' &lt;.csv", bytes: 12 }], next: "" });
});

test("an empty list has nothing", () => {
  expect(listed("<EnumerationResults><Blobs /><NextMarker/></EnumerationResults>")).toEqual({ found: [], next: "" });
});

test("folders of a container with a hierarchy are no files", () => {
  const xml = list(
    blob("<Name>logs</Name>", "<ResourceType>directory</ResourceType>") + blob("<Name>logs/a.txt</Name>"),
  );
  expect(listed(xml).found.map(({ name }) => name)).toEqual(["logs/a.txt"]);
});

test.each([
  ["the way out", list(blob("<Name>../a</Name>"))],
  ["the way out, in the middle", list(blob("<Name>a/../../b</Name>"))],
  ["the way out, written otherwise", list(blob("<Name>&#46;&#46;/a</Name>"))],
  ["an absolute path", list(blob("<Name>/etc/passwd</Name>"))],
  ["a path of Windows", list(blob("<Name>a\\..\\b</Name>"))],
  ["a drive", list(blob("<Name>c:a</Name>"))],
  ["a control character", list(blob("<Name>a&#10;b</Name>"))],
  ["a name that is encoded", list(blob('<Name Encoded="true">a%FF</Name>'))],
  ["no name", list(blob(""))],
  ["no size", list("<Blob><Name>a</Name></Blob>")],
  ["a DTD", `<!DOCTYPE a [<!ENTITY b "c">]>${list(blob("<Name>&b;</Name>"))}`],
  ["CDATA", list(blob("<Name><![CDATA[a]]></Name>"))],
  ["another document", "<html></html>"],
])("a list with %s is refused", (_name, xml) => {
  expect(() => listed(xml)).toThrow(AzureError);
});
