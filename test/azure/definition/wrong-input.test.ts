// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of loadtest.yaml itself

import { truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import { refusal, temporaryProject } from "../../config/temporary-project.ts";
import { IDENTITY } from "./configurations.ts";
import { define, defineIn, FILES, LOCUST_CONF, type ProjectText, projectFolder } from "./project.ts";

/** Lines 1 to 5 of the file, so that `azure` stands in line 6 in every project here. */
const server = (rest: string): string => `servers:\n  learn:\n    url: https://learn.example.com/mcp\n    ${rest}\n\n`;
const regions = (...names: readonly string[]): string =>
  `  regionalLoadTestConfig: [${names.map((region) => `{ region: ${region}, engineInstances: 1 }`).join(", ")}]\n`;
const SIX = ["1.zip", "2.zip", "3.zip", "4.zip", "5.zip", "6.zip"];
const TOKEN = `ghp_${"a1".repeat(18)}`;

/** What is wrong; the project; the one line that is said about it. */
const WRONG: readonly (readonly [string, ProjectText, RegExp])[] = [
  ["an unknown key", { azure: "  engines: 3\n" }, /^loadtest\.yaml:8:3 azure\.engines: is not a known key/],
  [
    "a display name of one character",
    { azure: "  displayName: x\n" },
    /:8:3 azure\.displayName: .*must be 2 to 50 characters long/,
  ],
  [
    "a display name that is too long",
    { azure: `  displayName: ${"x".repeat(51)}\n` },
    /:8:3 azure\.displayName: .*must be at most 50 characters long/,
  ],
  [
    "a description that is too long",
    { azure: `  description: ${"long ".repeat(30)}\n` },
    /:8:3 azure\.description: .*at most 100 characters/,
  ],
  [
    "too many engines",
    { azure: "  engineInstances: 401\n" },
    /:8:3 azure\.engineInstances: is 401, must be a whole number from 1 to 400/,
  ],
  [
    "more engines than users",
    { azure: "  engineInstances: 41\n" },
    /:8:3 azure\.engineInstances: is 41, more than the 40 users of locust\.conf/,
  ],
  [
    "regions whose engines do not add up",
    { azure: `  engineInstances: 4\n${regions("westeurope", "northeurope")}` },
    /:9:3 azure\.regionalLoadTestConfig: has 2 engines in all its regions, and engineInstances says 4/,
  ],
  ["one region", { azure: regions("westeurope") }, /:8:3 azure\.regionalLoadTestConfig: .*needs at least two regions/],
  [
    "a region twice",
    { azure: `  engineInstances: 2\n${regions("westeurope", "westeurope")}` },
    /:9:3 azure\.regionalLoadTestConfig: names westeurope twice/,
  ],
  [
    "an engine identity with regions",
    { azure: `  engineInstances: 2\n  identities: { engine: system }\n${regions("westeurope", "eastus")}` },
    /:9:17 azure\.identities\.engine: does not go with several regions/,
  ],
  [
    "an engine identity twice",
    {
      azure: `  identities: { engine: [${IDENTITY}, ${IDENTITY.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions")}] }\n`,
    },
    /:8:17 azure\.identities\.engine: names one identity twice/,
  ],
  [
    "no public address and no subnet",
    { azure: "  publicIPDisabled: true\n" },
    /:8:3 azure\.publicIPDisabled: needs subnetId/,
  ],
  [
    "a subnet that is none",
    { azure: "  subnetId: engines\n" },
    /:8:3 azure\.subnetId: is "engines", must be the resource id of a subnet/,
  ],
  [
    "a secret in plain sight",
    { azure: "  secrets: { TOKEN: swordfish }\n" },
    /:8:14 azure\.secrets\.TOKEN: .*must be the https address of a secret in Key Vault/,
  ],
  [
    "a secret in a vault that the az CLI does not take",
    { azure: "  secrets: { TOKEN: https://vault.example.com/secrets/token }\n" },
    /azure\.secrets\.TOKEN: must be https:.*the az CLI takes no other address/,
  ],
  [
    "a variable with the name of a secret",
    { azure: "  env: { GITHUB_TOKEN: swordfish }\n" },
    /:8:10 azure\.env\.GITHUB_TOKEN: has the name of a secret, and env is no place for one: put it into Key Vault/,
  ],
  [
    "a variable whose value is a token",
    { azure: `  env: { PLAIN: "${TOKEN}" }\n` },
    /:8:10 azure\.env\.PLAIN: looks like a secret in plain sight/,
  ],
  [
    "a variable whose value comes to look like a token",
    { azure: '  env: { PLAIN: "${THERE}" }\n', env: { THERE: TOKEN } },
    /:8:10 azure\.env\.PLAIN: holds what looks like a token, in plain sight: put it into Key Vault/,
  ],
  [
    "a secret of this machine's environment in the YAML",
    { azure: '  env: { PLAIN: "${MY_PASSWORD}" }\n', env: { MY_PASSWORD: "swordfish" } },
    /:8:10 azure\.env\.PLAIN: would write the secret MY_PASSWORD into the YAML/,
  ],
  [
    "a variable that is ours",
    { azure: '  env: { LOCUST_USERS: "1" }\n' },
    /:8:10 azure\.env\.LOCUST_USERS: is set by swarmbridge itself, from locust\.conf/,
  ],
  [
    "the number of engines as a variable",
    { azure: '  env: { SWARMBRIDGE_ENGINES: "1" }\n' },
    /:8:10 azure\.env\.SWARMBRIDGE_ENGINES: is set by swarmbridge itself, from engineInstances/,
  ],
  [
    "a secret with a name of ours",
    { azure: "  secrets: { LOCUST_USERS: https://my-vault.vault.azure.net/secrets/x }\n" },
    /:8:14 azure\.secrets\.LOCUST_USERS: is a variable that swarmbridge sets itself/,
  ],
  [
    "a name in env and in secrets",
    { azure: `  env: { A: "1" }\n  secrets: { A: https://my-vault.vault.azure.net/secrets/a }\n` },
    /:8:10 azure\.env\.A: is in env and in secrets/,
  ],
  [
    "a variable that is a number",
    { azure: "  env: { A: 1 }\n" },
    /:8:10 azure\.env\.A: is 1, must be text \(put it into quotes\)/,
  ],
  [
    "two certificates",
    {
      azure:
        "  certificates:\n    a: https://my-vault.vault.azure.net/certificates/a\n    b: https://my-vault.vault.azure.net/certificates/b\n",
    },
    /:8:3 azure\.certificates: .*may hold one certificate/,
  ],
  [
    "a certificate that is a secret",
    { azure: "  certificates: { a: https://my-vault.vault.azure.net/secrets/a }\n" },
    /:8:19 azure\.certificates\.a: .*must be the https address of a certificate/,
  ],
  [
    "a Key Vault identity that is none",
    { azure: "  identities: { keyVault: me }\n" },
    /:8:17 azure\.identities\.keyVault: .*must be system, or the resource id of a user-assigned identity/,
  ],
  [
    "an app component without an id",
    { azure: "  appComponents: [{ resourceId: mcp }]\n" },
    /:8:21 azure\.appComponents\.0\.resourceId: is "mcp", must be the id of an Azure resource/,
  ],
  [
    "an app component twice",
    { azure: `  appComponents: [{ resourceId: ${IDENTITY} }, { resourceId: ${IDENTITY} }]\n` },
    /:8:3 azure\.appComponents: names one resource twice/,
  ],
  [
    "fewer users per engine than there are",
    { azure: "  maximumVirtualUsersPerEngine: 39\n" },
    /:8:3 azure\.maximumVirtualUsersPerEngine: is 39, fewer than the 40 users that each engine gets/,
  ],
  [
    "a locustfile that is not there",
    { azure: "  testPlan: nowhere.py\n" },
    /:8:3 azure\.testPlan: names nowhere\.py, which is not there/,
  ],
  [
    "a further file that is not there",
    { azure: "  configurationFiles: [a.txt]\n" },
    /:8:24 azure\.configurationFiles\.0: names a\.txt, which is not there/,
  ],
  [
    "two files of one name",
    { azure: "  configurationFiles: [one/a.txt, two/A.TXT]\n", files: { "one/a.txt": "1", "two/A.TXT": "2" } },
    /:8:35 azure\.configurationFiles\.1: would upload A\.TXT twice, from one\/ and two\//,
  ],
  [
    "a file with a name of ours",
    { azure: "  configurationFiles: [sub/requirements.txt]\n", files: { "sub/requirements.txt": "faker" } },
    /:8:24 azure\.configurationFiles\.0: would upload a second requirements\.txt.*azure\.requirements/,
  ],
  [
    "a file of secrets",
    { azure: "  configurationFiles: [.env]\n", files: { ".env": "A=1" } },
    /:8:24 azure\.configurationFiles\.0: would upload \.env, a file of secrets/,
  ],
  [
    "a name that Azure would not keep",
    { azure: '  configurationFiles: ["a#b.txt"]\n', files: { "a#b.txt": "1" } },
    /:8:24 azure\.configurationFiles\.0: names a file whose name Azure would not keep/,
  ],
  [
    "a zip among the files",
    { azure: "  configurationFiles: [a.zip]\n", files: { "a.zip": "PK" } },
    /:8:24 azure\.configurationFiles\.0: names the zip file a\.zip: put it under azure\.zipArtifacts/,
  ],
  [
    "a zip that is none",
    { azure: "  zipArtifacts: [a.txt]\n", files: { "a.txt": "1" } },
    /:8:18 azure\.zipArtifacts\.0: names a\.txt, which is not a zip file/,
  ],
  [
    "six zips",
    { azure: `  zipArtifacts: [${SIX.join(", ")}]\n`, files: Object.fromEntries(SIX.map((name) => [name, "PK"])) },
    /:8:3 azure\.zipArtifacts: names 6 zip files: Azure takes at most 5/,
  ],
  [
    "a thousand files",
    { files: Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`locustfiles/d${at}.txt`, ""])) },
    /:6:1 azure: has 10\d\d files to upload: Azure takes at most 1000/,
  ],
  [
    "no bridge",
    { azure: "", env: { SWARMBRIDGE_BUNDLE: "nowhere.cjs" } },
    /:6:1 azure: needs the bridge, dist\/bridge\.cjs, which is not built: type npm run build/,
  ],
  [
    "a decimal threshold",
    { more: "failureCriteria: [percentage(error) > 0.5]\n" },
    /:6:19 failureCriteria\.0: .*has decimals, which the GitHub Action cuts off/,
  ],
  [
    "an unknown metric",
    { more: "failureCriteria: [avg(responseTimeMs) > 5]\n" },
    /:6:19 failureCriteria\.0: .*unknown metric responseTimeMs: did you mean response_time_ms/,
  ],
  [
    "a decimal in auto-stop",
    { more: "autoStop: { errorPercentage: 0.5, timeWindow: 60 }\n" },
    /:6:13 autoStop\.errorPercentage: must be a whole number for Azure/,
  ],
  [
    "no users",
    { files: { "locust.conf": "run-time = 1m\n" } },
    /^locust\.conf:1:1 users: is missing: must be a whole number of users from 1/,
  ],
  [
    "users that are no number",
    { files: { "locust.conf": "run-time = 1m\nusers = many\n" } },
    /^locust\.conf:2:1 users: must be a whole number of users from 1/,
  ],
  [
    "no run time",
    { files: { "locust.conf": "users = 40\n" } },
    /^locust\.conf:1:1 run-time: is missing: must be how long the test runs/,
  ],
  [
    "a run time that Locust does not read",
    { files: { "locust.conf": "users = 40\nrun-time = 2 minutes\n" } },
    /^locust\.conf:2:1 run-time: must be how long the test runs/,
  ],
  [
    "a run of more than a day",
    { files: { "locust.conf": "users = 40\nrun-time = 25h\n" } },
    /^locust\.conf:2:1 run-time: is longer than 24 hours/,
  ],
  [
    "a spawn rate of nothing",
    { files: { "locust.conf": "users = 40\nspawn-rate = 0\nrun-time = 1m\n" } },
    /^locust\.conf:2:1 spawn-rate: must be a number of users a second above 0/,
  ],
  [
    "a line of locust.conf that is none",
    { files: { "locust.conf": `${LOCUST_CONF}= 5\n` } },
    /^locust\.conf:4:1: this line is not of the form name = value/,
  ],
  [
    "a secret among the options of Locust",
    { files: { "locust.conf": `${LOCUST_CONF}api-key = swordfish\n` } },
    /^locust\.conf:4:1 api-key: looks like a secret in plain sight: put it into Key Vault/,
  ],
  [
    "a password in an address of requirements.txt",
    { azure: '  requirements: ["--extra-index-url https://me:swordfish@pypi.example.com/simple"]\n' },
    /:8:18 azure\.requirements\.0: would upload a password, in an address: take it out/,
  ],
  [
    "a module that is a folder",
    { files: { "multi.py": "from learn import LearnUser\nfrom helpers.deep import thing\n", "helpers/deep.py": "" } },
    /:6:1 azure\.testPlan: imports helpers, a folder, and an engine has none/,
  ],
  [
    "a token in a file of this machine",
    { servers: server("auth: { strategy: bearer, file: token.txt }") },
    /:4:31 servers\.learn\.auth\.file: names a file of this machine, which does not go to an engine/,
  ],
  [
    "a client's private key",
    { servers: server("tls: { cert: c.crt, key: c.pem }"), files: { "c.crt": "C", "c.pem": "K" } },
    /:4:25 servers\.learn\.tls\.key: is a private key, which does not go to an engine/,
  ],
  [
    "a login of this machine",
    {
      servers: server("auth: { strategy: entra, scope: api://a/.default, credential: { use: [azure-cli, browser] } }"),
    },
    /servers\.learn\.auth\.credential: uses azure-cli, browser, and there is none on an engine: .*managed-identity/,
  ],
  [
    "no identity on the engines",
    { servers: server("auth: { strategy: entra, scope: api://a/.default }") },
    /servers\.learn\.auth\.credential: finds no identity on an engine: .*azure: { identities: { engine: system } }/,
  ],
  [
    "a program of this machine",
    { servers: server("auth: { strategy: command, run: [az, account, get-access-token] }") },
    /servers\.learn\.auth\.run: runs az, a program of this machine that an engine does not have/,
  ],
  [
    "a variable that engines do not have",
    { servers: server('headers: { x-team: "${TEAM}" }'), env: { TEAM: "a" } },
    /servers\.learn\.headers\.x-team: needs TEAM, which an engine does not have: give it under azure\.env or azure\.secrets/,
  ],
  [
    "a variable that means something wrong there",
    { servers: server("weight: ${WEIGHT}"), azure: '  env: { WEIGHT: "-1" }\n', env: { WEIGHT: "1" } },
    /:4:5 servers\.learn\.weight: on an engine: .*must be a number of at least 0/,
  ],
  [
    "no server that can be tested",
    { servers: server("auth: { strategy: bearer, env: LEARN_TOKEN }") },
    /:1:1 servers: would all be left out on an engine: name LEARN_TOKEN under azure\.secrets/,
  ],
  [
    "a locustfile for other servers",
    { servers: "servers:\n  other:\n    url: https://other.example.com/mcp\n\n" },
    /azure\.testPlan: names a locustfile none of whose servers stands in servers/,
  ],
  [
    "an aim that is no URL",
    { azure: "  env: { MCP_SERVER_URL: nowhere }\n" },
    /:8:10 azure\.env\.MCP_SERVER_URL: must be/,
  ],
  [
    "an aim of this machine's environment",
    { env: { MCP_SERVER_URL: "https://one.example.com/mcp" } },
    /^MCP_SERVER_URL is set here, and an engine would not have it/,
  ],
];

describe("each wrong input has its own sentence, with its place", () => {
  test.each(WRONG)("%s", (_what, project, line) => {
    const { faults } = refusal(() => define(project));
    expect(faults).toEqual([expect.stringMatching(line)]);
  });
});

test("no sentence is said of two kinds of wrong input, and none quotes a secret", () => {
  const sentences = WRONG.map(([, project]) => refusal(() => define(project)).faults.join());
  expect(WRONG.length).toBeGreaterThanOrEqual(40);
  expect(new Set(sentences.map((said) => said.replaceAll(/\d+/g, "N"))).size).toBe(sentences.length);
  for (const said of sentences) for (const secret of ["swordfish", TOKEN]) expect(said).not.toContain(secret);
});

test("a file over 50 MB is refused, one of 50 MB is not", () => {
  const folder = projectFolder({ azure: "  configurationFiles: [big.txt]\n", files: { "big.txt": "" } });
  truncateSync(join(folder, "big.txt"), 50 * 1024 * 1024);
  expect(defineIn(folder).files.find(({ name }) => name === "big.txt")?.bytes).toBe(50 * 1024 * 1024);
  truncateSync(join(folder, "big.txt"), 50 * 1024 * 1024 + 200_000);
  expect(refusal(() => defineIn(folder)).faults).toEqual([
    expect.stringMatching(
      /azure\.configurationFiles\.0: would upload big\.txt of 50\.2 MB: Azure takes at most 50 MB a file/,
    ),
  ]);
});

test("all faults are told at once, of both files", () => {
  const project = {
    azure: "  engineInstances: 2\n  publicIPDisabled: true\n  testPlan: no.py\n",
    files: { "locust.conf": "" },
  };
  const { faults } = refusal(() => define(project));
  expect(faults.map((line) => line.split(": ")[0])).toEqual([
    "locust.conf:1:1 users",
    "locust.conf:1:1 run-time",
    "loadtest.yaml:9:3 azure.publicIPDisabled",
    "loadtest.yaml:10:3 azure.testPlan",
  ]);
});

test("without locust.conf it is said what belongs into it", () => {
  const { "locust.conf": _, ...files } = FILES;
  const folder = temporaryProject({
    ...files,
    "loadtest.yaml": "servers:\n  learn:\n    url: https://a.example.com\nazure:\n  testId: ab\n",
  });
  expect(refusal(() => defineIn(folder)).faults).toEqual([
    expect.stringMatching(/^locust\.conf:1:1: is not there: it says how many users/),
  ]);
});

test("without an azure part the error has its own code", () => {
  const folder = temporaryProject({
    ...FILES,
    "loadtest.yaml": "servers:\n  learn:\n    url: https://a.example.com\n",
  });
  expect(() => defineIn(folder)).toThrow(expect.objectContaining({ code: "AZURE_UNSET" }) as AzureError);
  expect(() => defineIn(folder)).toThrow(AzureError);
});
