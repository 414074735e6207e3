import { expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import { engineStarts } from "../../../azure/rehearsal/engine-start.ts";
import { readUploadFolder } from "../../../azure/rehearsal/upload-folder.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

const TEST = `version: v0.1
testId: nightly
testPlan: multi.py
testType: Locust
engineInstances: 3
configurationFiles: [requirements.txt, learn.py]
zipArtifacts: [pages.zip]
properties: { userPropertyFile: locust.conf }
env:
  - { name: LOCUST_USERS, value: "17" }
  - { name: LOCUST_SPAWN_RATE, value: "3" }
  - { name: SWARMBRIDGE_ENGINES, value: "3" }
  - { name: SWARMBRIDGE_RESULTS, value: "/mnt/results" }
secrets:
  - { name: GITHUB_MCP_TOKEN, value: "https://v.vault.azure.net/secrets/github" }
`;

const folderWith = (yaml: string, without = ""): string => {
  const names = ["multi.py", "learn.py", "requirements.txt", "pages.zip", "locust.conf", "forgotten.py"];
  const files = Object.fromEntries(names.filter((name) => name !== without).map((name) => [name, `# ${name}\n`]));
  return temporaryProject({ ...files, "azure-load-test.yaml": yaml });
};

test("what the YAML names goes up, and nothing else", () => {
  expect(readUploadFolder(folderWith(TEST))).toMatchObject({
    testPlan: "multi.py",
    userProperties: "locust.conf",
    files: ["multi.py", "requirements.txt", "learn.py", "locust.conf", "pages.zip"],
    zips: ["pages.zip"],
    engines: 3,
    env: { LOCUST_USERS: "17", LOCUST_SPAWN_RATE: "3", SWARMBRIDGE_ENGINES: "3", SWARMBRIDGE_RESULTS: "/mnt/results" },
    secrets: ["GITHUB_MCP_TOKEN"],
    requirements: "# requirements.txt\n",
  });
});

test.each([
  ["an empty file", "", "is no test of Azure Load Testing"],
  ["a JMeter test", TEST.replace("Locust\n", "JMX\n"), "testType is not as Azure wants it"],
  ["a file of a folder", TEST.replace("learn.py", "a/learn.py"), "it lies in a folder"],
  ["a file above", TEST.replace("learn.py", "../learn.py"), "it lies in a folder"],
  ["aliases without end", "a: &a [x]\nb: [*a, *a]\n", "it is not YAML"],
  ["no YAML at all", "{", "it is not YAML"],
])("%s is refused with its reason", (_what, yaml, why) => {
  expect(refused(() => readUploadFolder(folderWith(yaml)))).toContain(why);
});

test("a file that is named and not there is refused by its name", () => {
  expect(refused(() => readUploadFolder(folderWith(TEST, "learn.py")))).toMatch(/learn\.py \(it is not there\)$/);
  expect(refused(() => readUploadFolder(temporaryProject({})))).toContain("swarmbridge azure yaml writes it");
});

test("each engine gets the share of the users that it would get at Azure", () => {
  const folder = readUploadFolder(folderWith(TEST));
  const starts = engineStarts(folder, { engines: 2, runTimeSeconds: 30 });
  expect(starts.map(({ number, users }) => [number, users])).toEqual([
    [1, 6],
    [2, 6],
  ]);
  const all = engineStarts(folder, { engines: 3, runTimeSeconds: 30 });
  expect(all.reduce((sum, { users }) => sum + users, 0)).toBe(17);
  expect(all[2]?.words.join(" ")).toBe(
    "-f multi.py --config locust.conf --headless --only-summary --users 5 --spawn-rate 1 --run-time 30s",
  );
  expect(all[2]?.env).toEqual({
    LOCUST_USERS: "17",
    LOCUST_SPAWN_RATE: "3",
    SWARMBRIDGE_ENGINES: "3",
    SWARMBRIDGE_ENGINE: "3",
    // A rehearsal is too short for a shape.
    SWARMBRIDGE_SHAPE: "none",
  });
});

test("a YAML that does not say how many users there are is refused", () => {
  const folder = readUploadFolder(folderWith(TEST.replace("LOCUST_USERS", "OTHER")));
  expect(refused(() => engineStarts(folder, { engines: 1, runTimeSeconds: 1 }))).toContain("env has no LOCUST_USERS");
});

const refused = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AzureError && error.code === "AZURE_FILE") return error.sentence;
    throw error;
  }
  throw new Error("it was accepted");
};
