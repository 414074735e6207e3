import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ROOMS = ["auth", "config"];

/** The example's files by name: fenced blocks whose first line is a comment with the path. */
const exampleFiles = (): Map<string, string> => {
  const [, section = ""] = readFileSync(join(root, "docs/auth.md"), "utf8").split(/^## Adding a strategy$/m);
  const blocks = section.split(/^## /m)[0]?.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm) ?? [];
  return new Map([...blocks].map(([, path = "", text = ""]) => [path, text]));
};

const copyOfTheRooms = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-strategy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of [...ROOMS, "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
};

const filesIn = (folder: string): Map<string, string> =>
  new Map(
    ROOMS.flatMap((room) => readdirSync(join(folder, room), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]),
  );

/** The import goes among the imports, the row into the table, as a person would do it. */
const withRow = (table: string, example: string): string => {
  const [line = "", row = ""] = example.split("\n");
  return table.replace(/^import type \{ StrategyKind/m, `${line}\n$&`).replace(/^\} as const;/m, `${row}\n$&`);
};

const linesAdded = (before: string, after: string): string[] => {
  const known = before.split("\n");
  return after.split("\n").filter((line) => !known.includes(line));
};

const run = (folder: string, ...words: string[]): string =>
  execFileSync(process.execPath, words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

test("the example of docs/auth.md adds a strategy with one new file, one import and one row, and it works", () => {
  const example = exampleFiles();
  expect([...example.keys()]).toEqual(["auth/strategy/systemd.ts", "auth/strategies.ts"]);

  const folder = copyOfTheRooms();
  const before = filesIn(folder);
  const path = join(folder, "auth/strategies.ts");
  writeFileSync(path, withRow(readFileSync(path, "utf8"), example.get("auth/strategies.ts") ?? ""));
  writeFileSync(join(folder, "auth/strategy/systemd.ts"), example.get("auth/strategy/systemd.ts") ?? "");
  const after = filesIn(folder);

  const touched = [...after].filter(([name, text]) => before.get(name) !== text).map(([name]) => name);
  expect(touched.sort()).toEqual(["auth/strategies.ts", "auth/strategy/systemd.ts"]);
  expect(after.size).toBe(before.size + 1);
  expect(linesAdded(before.get("auth/strategies.ts") ?? "", after.get("auth/strategies.ts") ?? "")).toEqual([
    'import { systemd } from "./strategy/systemd.ts";',
    "  systemd,",
  ]);

  // Throws with the compiler's words when the example is no longer true.
  expect(typeErrors(folder)).toBe("");

  writeFileSync(join(folder, "mcp-token"), "from-systemd\n");
  writeFileSync(join(folder, "users.csv"), "name\nmcp-token\n");
  writeFileSync(
    join(folder, "try.ts"),
    `import { authSchema } from "./auth/auth-schema.ts";
     import { createCredentials } from "./auth/credentials.ts";
     import { missingCredential } from "./auth/missing-credential.ts";
     import { realWorld } from "./auth/real-world.ts";
     const folder = process.cwd();
     const lookup = (name) => (name === "CREDENTIALS_DIRECTORY" ? folder : undefined);
     const rest = { lookup, folder, server: { name: "a", url: "https://a.test", headers: {}, tls: {} }, report: () => {}, learn: () => {} };
     const surroundings = { ...realWorld(folder), ...rest };
     const auth = authSchema.parse({ strategy: "systemd", name: "mcp-token" });
     const listed = authSchema.parse({ strategy: "systemd", name: "other", identities: { csv: "users.csv" } });
     console.log(JSON.stringify([
       await createCredentials(auth, surroundings).of(0).authorization(),
       await createCredentials(listed, surroundings).of(0).authorization(),
       missingCredential({ auth }, { folder }, lookup),
       missingCredential({ auth }, { folder }, () => undefined),
     ]));`,
  );
  const answers = JSON.parse(run(folder, "try.ts"));
  expect(answers).toEqual(["Bearer from-systemd", "Bearer from-systemd", null, "CREDENTIALS_DIRECTORY"]);
}, 60_000);

const typeErrors = (folder: string): string => {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  try {
    return run(folder, tsc, "--noEmit");
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
};
