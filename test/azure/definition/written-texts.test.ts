// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of loadtest.yaml itself

import { expect, test } from "vitest";
import { refusal } from "../../config/temporary-project.ts";
import { APP } from "./configurations.ts";
import { define } from "./project.ts";

const faultOf = (azure: string, env: NodeJS.ProcessEnv = {}): string => {
  const { faults } = refusal(() => define({ azure, env }));
  expect(faults).toHaveLength(1);
  return faults[0] ?? "";
};

test.each([
  ["a password in an address", '  env: { DB: "postgres://user:swordfish@host/db" }\n'],
  ["a shared access signature", '  env: { STORE: "https://x.blob.core.windows.net/c?sv=2022&sig=swordfish" }\n'],
  ["a connection string", '  env: { CONN: "AccountName=x;AccountKey=swordfish==" }\n'],
  ["a name that ends like a secret's", '  env: { MYPW: "swordfish" }\n'],
  ["a personal access token's name", '  env: { PAT: "swordfish" }\n'],
  ["a password in the description", '  description: "from https://me:swordfish@example.com"\n'],
])("%s is refused and not quoted", (_what, azure) => {
  const fault = faultOf(azure);
  expect(fault).toMatch(/:8:\d+ azure\.\S+: .*put it into Key Vault and name it under azure\.secrets/);
  expect(fault).not.toContain("swordfish");
});

test.each(["displayName", "description", "resourceGroup"])("%s is looked at with its variables replaced", (key) => {
  const token = `ghp_${"a1".repeat(14)}`;
  const fault = faultOf(`  ${key}: "\${WHO}"\n`, { WHO: token });
  expect(fault).toContain(`azure.${key}: holds what looks like a token`);
  expect(fault).not.toContain(token);
});

test("an id of Azure may look random", () => {
  const random = "0123456789abcdef0123456789abcdef";
  const { azure } = define({
    azure: `  secrets: { A: "https://my-vault.vault.azure.net/secrets/a/\${ID}" }\n  appComponents: [{ resourceId: "${APP}\${ID}" }]\n`,
    env: { ID: random },
  });
  expect(azure.appComponents).toHaveLength(1);
});

test.each([
  ["env", '  env: { A: "a\\u0085b" }\n'],
  ["env", '  env: { A: "a\\u0000b" }\n'],
  ["description", '  description: "a\\nb"\n'],
  ["requirements", '  requirements: ["faker\\n--index-url https://example.com"]\n'],
])("a character in %s that not every reader keeps is refused: %j", (key, azure) => {
  expect(faultOf(azure)).toMatch(new RegExp(`azure\\.${key}\\S*: holds a character that cannot be seen`));
});

test("so is one in a criterion's name", () => {
  const more = 'failureCriteria:\n  - "a\\ufffeb": p95(response_time_ms) > 5\n';
  expect(refusal(() => define({ more })).faults).toEqual([
    expect.stringMatching(/failureCriteria.*: holds a character that cannot be seen/),
  ]);
});
