import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { showVerdict } from "../../scripts/gate-step.mjs";

/** A gate that notes what it was asked, and ends with the code that it is told. */
const GATE = `
const { writeFileSync } = require("node:fs");
const { ASKED, CODE, SWARMBRIDGE_CONFIG } = process.env;
writeFileSync(ASKED, JSON.stringify([...process.argv.slice(2), SWARMBRIDGE_CONFIG]));
process.exit(Number(CODE));
`;

const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "gate-step-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "gate.cjs"), GATE);
  return folder;
};

const shown = async (runCode: number, gateCode: number, record: string | null = "results/1") => {
  const folder = folderOfTest();
  const environment = { ASKED: join(folder, "asked"), CODE: String(gateCode), SWARMBRIDGE_CONFIG: "demo.yaml" };
  const code = await showVerdict(runCode, record, environment, join(folder, "gate.cjs"));
  return { code, asked: existsSync(environment.ASKED) ? JSON.parse(readFileSync(environment.ASKED, "utf8")) : null };
};

test.each([0, 1, 2])("a fine run is fine with the verdict of code %i", async (verdict) => {
  expect(await shown(0, verdict)).toEqual({ code: 0, asked: ["gate", "results/1", "demo.yaml"] });
});

test.each([0, 1, 2])(
  "a run that ended with a code of its own keeps it, and has its verdict of code %i too",
  async (verdict) => {
    expect(await shown(130, verdict)).toEqual({ code: 130, asked: ["gate", "results/1", "demo.yaml"] });
  },
);

test("a gate that could not judge at all is no success", async () => {
  expect(await shown(0, 3)).toMatchObject({ code: 3 });
});

test("without a record nothing is judged", async () => {
  expect(await shown(1, 0, null)).toEqual({ code: 1, asked: null });
});
