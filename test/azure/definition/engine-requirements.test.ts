import { expect, test } from "vitest";
import { refusal } from "../../config/temporary-project.ts";
import { define, textOf } from "./project.ts";

const made = (file: string, added: readonly string[] = []) => {
  const definition = define({
    azure: `  requirements: ${JSON.stringify(added)}\n`,
    files: { "requirements.txt": file },
  });
  return { lines: textOf(definition, "requirements.txt").split("\n").slice(3, -1), warnings: definition.warnings };
};
const HASH = `--hash=sha256:${"0a".repeat(32)}`;

test("a file of pip-compile is read with its continuations, and its hashes stay here", () => {
  const file = [
    "--require-hashes",
    "certifi==2024.2.2 \\",
    `    ${HASH} \\`,
    `    ${HASH}`,
    "    # via requests",
    "requests[socks] \\\r",
    "  ==2.31.0\r",
    "locust==2.40.0 \\",
    `    ${HASH}`,
    "last==1 \\",
  ];
  const { lines, warnings } = made(file.join("\n"));
  expect(lines).toEqual(["certifi==2024.2.2", "requests[socks]   ==2.31.0", "last==1"]);
  expect(warnings).toEqual([
    'requirements.txt: "--require-hashes" stays here, with it pip would want hashes of Node and Locust, too.',
    "requirements.txt: hashes stay here, pip would want one for each of the engine's own packages, too.",
  ]);
});

test.each([
  "-r other.txt",
  "-rother.txt",
  "--constraint=c.txt",
  "./x.whl",
  "wheels/a-b.whl",
  "my-package/",
  "x-1.0-py3-none-any.whl",
  "~/x",
  "C:\\x",
  "foo @ file:///tmp/x",
  "foo @ ./x",
  "--find-links file:///tmp",
  "--index-url=file:///tmp",
])("%s names a place here, in the file as under azure.requirements", (line) => {
  expect(made(line).warnings).toEqual([expect.stringContaining("stays here, it names a place on this machine.")]);
  const { lines, warnings } = made("", [line]);
  expect(lines).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/^azure\.requirements: ".*" stays here, it names a place/)]);
});

test.each([
  "numpy>=1 ; python_version < '3.10'",
  "locust-plugins==4.0",
  "foo @ https://example.com/a/foo.zip",
  `foo @ git+https://example.com/a.git@${"0a".repeat(20)}`,
  `https://example.com/packages/ab/cd/${"0a".repeat(30)}/foo-1.0.tar.gz#sha256=${"0a".repeat(32)}`,
  "git+ssh://git@example.com/a.git",
  "-i https://pypi.example.com/simple",
])("%s goes up", (line) => expect(made(line)).toEqual({ lines: [line], warnings: [] }));

test("Locust is the engine's own, also where azure.requirements asks for it", () => {
  const { lines, warnings } = made("", ["locust==2.43.0", "Locust[gevent]>2"]);
  expect(lines).toEqual([]);
  expect(warnings).toEqual([
    'azure.requirements: "locust==2.43.0" stays here, Locust is the engine\'s own.',
    'azure.requirements: "Locust[gevent]>2" stays here, Locust is the engine\'s own.',
  ]);
});

test("each line with a secret is told with its place, and not quoted", () => {
  const file = [
    "faker==1",
    "--extra-index-url https://x.blob.core.windows.net/c?sv=1&sig=swordfish",
    "foo \\",
    "  @ https://me:swordfish@example.com/foo.zip",
    "-f https://me:swordfish@example.com/",
  ];
  const { faults } = refusal(() => made(file.join("\n"), ["bar @ https://example.com/bar.zip?sig=swordfish"]));
  expect(faults).toEqual([
    expect.stringMatching(/^requirements\.txt:2:1: would upload a secret, in the query of an address: take it out$/),
    expect.stringMatching(/^requirements\.txt:3:1: would upload a password, in an address/),
    expect.stringMatching(/^requirements\.txt:5:1: would upload a password, in an address/),
    expect.stringMatching(/^loadtest\.yaml:8:18 azure\.requirements\.0: would upload a secret/),
  ]);
  expect(faults.join()).not.toContain("swordfish");
});
