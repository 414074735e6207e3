import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { FORMATS } from "../../../report/format/formats.ts";
import { sample } from "../../record/samples.ts";
import { exported, HOSTILE } from "./exported-runs.ts";
import { SUREFIRE_XSD } from "./surefire-schema.ts";

const faultsOf = async (xml: string): Promise<readonly string[]> => {
  const { errors } = await validateXML({
    xml: [{ fileName: "report.xml", contents: xml }],
    schema: [{ fileName: "surefire.xsd", contents: SUREFIRE_XSD }],
  });
  return errors.map(({ message }) => message);
};

test("JUnit XML holds to the schema that its readers share: passed, failed, not to be judged, hostile", async () => {
  const runs = [
    exported([sample()], ["percentage(error) > 5"]),
    exported([sample({ outcome: "timeout" })], ["percentage(error) > 5", "p95(response_time_ms) > 1"]),
    exported([]),
    exported(HOSTILE.map((name) => sample({ name, outcome: "tool-error" }))),
  ];
  const texts = runs.map((run) => [...FORMATS.junit(run)].join(""));
  expect(runs.map(({ verdict }) => verdict.result)).toEqual(expect.arrayContaining(["PASSED", "FAILED", "INVALID"]));
  expect(await Promise.all(texts.map(faultsOf))).toEqual([[], [], [], []]);
});

test("the schema finds what no reader takes", async () => {
  const suite = (inside: string) =>
    `<testsuites tests="1" failures="0" errors="0"><testsuite name="s" tests="1" failures="0" errors="0">${inside}</testsuite></testsuites>`;
  expect(await faultsOf(suite('<testcase name="a"/>'))).not.toEqual([]);
  expect(await faultsOf(suite('<testcase name="a" classname="c"><failed/></testcase>'))).not.toEqual([]);
});
