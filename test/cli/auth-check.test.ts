import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FindingCode } from "../../auth/check/finding.ts";
import type { Step, StepId, StepStatus } from "../../auth/check/step.ts";
import { Redactor } from "../../bridge/redactor.ts";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { type AuthCheckOptions, authCheck } from "../../cli/auth-check.ts";
import { styleFor } from "../../cli/style.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { temporaryProject } from "../config/temporary-project.ts";
import { hastyServer, openServer, Scene, SECRETS, type SetUp, tokenEnding, yamlOf } from "./set-ups.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

const BEARER = "{ strategy: bearer, env: TOKEN }";
const oauth = (more = ""): string =>
  `{ strategy: oauth, clientId: load-test, clientSecret: { env: CLIENT_SECRET }, issuer: "${scene.oauth.issuer}"${more} }`;
const keyvault = (secret: string): string =>
  `{ strategy: keyvault, vault: "${scene.vault.url}", secret: ${secret}, credential: ${scene.credential} }`;

interface Broken {
  /** The set-up; may change the scene before. */
  readonly setUp: () => SetUp | Promise<SetUp>;
  /** What repairs the scene for the next one. */
  readonly after?: () => void;
  readonly finding: FindingCode;
  readonly step: StepId;
  readonly status?: StepStatus;
  /** The true reason. */
  readonly says: RegExp;
  /** The next step. */
  readonly next: RegExp;
  readonly exitCode: number;
}

const BROKEN: Readonly<Record<string, Broken>> = {
  "a variable that is not set": {
    setUp: () => ({ auth: BEARER }),
    finding: "AUTH_MISSING",
    step: "credential",
    says: /not there: TOKEN/,
    next: /set TOKEN \(in the environment or \.env\)/,
    exitCode: 3,
  },
  "a token with blanks in it": {
    setUp: () => ({ auth: BEARER, env: { TOKEN: SECRETS.blanks } }),
    finding: "AUTH_UNUSABLE",
    step: "token",
    says: /cannot be sent in a header: TOKEN/,
    next: /one line into TOKEN/,
    exitCode: 3,
  },
  "a file that cannot be read": {
    setUp: () => ({ auth: "{ strategy: bearer, file: folder }", files: { "folder/x": "" } }),
    finding: "AUTH_UNREADABLE",
    step: "credential",
    says: /could not be read: folder/,
    next: /make folder readable/,
    exitCode: 3,
  },
  "a server that is not there": {
    setUp: () => ({ auth: BEARER, env: { TOKEN: SECRETS.good }, url: "http://127.0.0.1:1/mcp" }),
    finding: "SERVER_UNREACHABLE",
    step: "challenge",
    says: /http:\/\/127\.0\.0\.1:1\/mcp cannot be reached \(ECONNREFUSED\)/,
    next: /is the server up/,
    exitCode: 4,
  },
  "a server that never ends its answer": {
    setUp: async () => {
      const url = await scene.serve((request, response) => {
        request.resume();
        response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      });
      return { auth: "none", url, initialize: "300ms" };
    },
    finding: "SERVER_UNREACHABLE",
    step: "challenge",
    says: /has not ended its answer after 300 ms/,
    next: /is the server up/,
    exitCode: 4,
  },
  "a certificate that nobody knows": {
    setUp: () => ({ auth: BEARER, env: { TOKEN: SECRETS.good }, isTrusted: false }),
    finding: "SERVER_CERTIFICATE",
    step: "challenge",
    says: /certificate of 127\.0\.0\.1:\d+ is not to be trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/,
    next: /tls: \{ ca: FILE \}/,
    exitCode: 4,
  },
  "a path where no MCP server is": {
    setUp: () => ({ auth: BEARER, env: { TOKEN: SECRETS.good }, url: `${scene.mcp.origin}/other` }),
    finding: "SERVER_STRANGE",
    step: "challenge",
    says: /HTTP 404 to initialize/,
    next: /is the path in url right/,
    exitCode: 4,
  },
  "a page for people in the place of the server": {
    setUp: async () => {
      const url = await scene.serve((request, response) => {
        request.resume();
        const isKnown = request.headers.authorization !== undefined;
        response.writeHead(isKnown ? 200 : 401, { "content-type": "text/html" }).end("<h1>Please log in</h1>");
      });
      return { auth: BEARER, env: { TOKEN: SECRETS.good }, url };
    },
    finding: "SERVER_STRANGE",
    step: "initialize",
    says: /^HTTP 200 with text\/html to initialize: no MCP server's answer$/,
    next: /is the path in url right/,
    exitCode: 4,
  },
  "a client's certificate that is none": {
    setUp: () => ({
      auth: BEARER,
      env: { TOKEN: SECRETS.good },
      files: { "client.pem": SECRETS.wrong, "client.key": SECRETS.wrong },
      tls: "{ cert: client.pem, key: client.key }",
    }),
    finding: "AUTH_UNREADABLE",
    step: "challenge",
    says: /client\.pem, .*client\.key \(ERR_OSSL_PEM_NO_START_LINE\)/,
    next: /make .*client\.pem, .*client\.key readable/,
    exitCode: 3,
  },
  "an answer that is larger than the settings allow": {
    setUp: async () => {
      const url = await scene.serve((request, response) => {
        request.resume();
        response.writeHead(200, { "content-type": "application/json" }).end(Buffer.alloc(70_000, " "));
      });
      return { auth: "none", url, maxAnswer: "64KB" };
    },
    finding: "SERVER_STRANGE",
    step: "challenge",
    says: /\/mcp: its answer is larger than \d+ KiB$/,
    next: /is the path in url right/,
    exitCode: 4,
  },
  "a server that wants a credential, and none is configured": {
    setUp: () => ({ auth: "none" }),
    finding: "SERVER_WANTS_CREDENTIAL",
    step: "challenge",
    says: /401: it wants a credential/,
    next: /auth in loadtest\.yaml/,
    exitCode: 3,
  },
  "a server that needs no token": {
    setUp: async () => ({ auth: BEARER, env: { TOKEN: SECRETS.good }, url: await scene.serve(openServer()) }),
    finding: "SERVER_OPEN",
    step: "challenge",
    status: "warn",
    says: /answers initialize without a credential/,
    next: /auth: none saves the token/,
    exitCode: 0,
  },
  "a wrong token": {
    setUp: () => ({ auth: BEARER, env: { TOKEN: SECRETS.wrong } }),
    finding: "TOKEN_REFUSED",
    step: "initialize",
    says: /401 invalid_token: the server refuses the token/,
    next: /is it a token for this server/,
    exitCode: 4,
  },
  "a token that reaches too short": {
    setUp: () => ({ auth: BEARER, env: { TOKEN: SECRETS.narrow } }),
    finding: "SCOPE_INSUFFICIENT",
    step: "initialize",
    says: /403 insufficient_scope: the server wants mcp:read/,
    next: /ask for mcp:read/,
    exitCode: 4,
  },
  "a token that has ended": {
    setUp: () => ({ auth: BEARER, env: { TOKEN: tokenEnding(-60) } }),
    finding: "TOKEN_EXPIRED",
    step: "initialize",
    says: /401 invalid_token: the token has ended 60 min ago/,
    next: /so that it is renewed/,
    exitCode: 4,
  },
  "a token that ends soon, and a variable renews nothing": {
    setUp: async () => ({ auth: BEARER, env: { TOKEN: tokenEnding(30) }, url: await scene.serve(hastyServer(200)) }),
    finding: "TOKEN_ENDS_SOON",
    step: "expiry",
    status: "warn",
    says: /in 30 min \(.*\), and nothing renews it/,
    next: /so that it is renewed/,
    exitCode: 0,
  },
  "an identity that the server knows and does not let in": {
    setUp: async () => ({ auth: BEARER, env: { TOKEN: SECRETS.good }, url: await scene.serve(hastyServer(403)) }),
    finding: "SERVER_FORBIDS",
    step: "initialize",
    says: /403: the server knows the token and does not let it in/,
    next: /give this identity access/,
    exitCode: 4,
  },
  "an authorization server that nobody names": {
    setUp: async () => ({
      auth: "{ strategy: oauth, clientId: load-test, clientSecret: { env: CLIENT_SECRET } }",
      env: { CLIENT_SECRET: SECRETS.clientSecret },
      url: await scene.serve(hastyServer(200)),
    }),
    finding: "AUTH_UNDISCOVERED",
    step: "token",
    says: /does not say how it is authorized/,
    next: /scope or issuer in auth/,
    exitCode: 3,
  },
  "an issuer that answers with something else": {
    setUp: () => {
      scene.oauth.behaviour.answer = { status: 200, body: "<html>canary-7d1f-page</html>" };
      return { auth: oauth(), env: { CLIENT_SECRET: SECRETS.clientSecret } };
    },
    after: () => {
      scene.oauth.behaviour.answer = null;
    },
    finding: "AUTH_INVALID",
    step: "token",
    says: /did not answer with a token: https:\/\/127\.0\.0\.1:\d+\/token/,
    next: /no proxy answer in its place/,
    exitCode: 4,
  },
  "a private key that is none": {
    setUp: () => ({
      auth: `{ strategy: oauth, clientId: load-test, privateKey: { env: KEY }, issuer: "${scene.oauth.issuer}" }`,
      env: { KEY: SECRETS.wrong },
    }),
    finding: "AUTH_KEY",
    step: "token",
    says: /private key cannot be used/,
    next: /private key in PEM/,
    exitCode: 3,
  },
  "a server that names another authorization server": {
    setUp: () => {
      scene.mcp.protection.authorizationServers = ["https://evil.example"];
      return { auth: oauth(), env: { CLIENT_SECRET: SECRETS.clientSecret } };
    },
    after: () => {
      scene.mcp.protection.authorizationServers = [scene.oauth.issuer];
    },
    finding: "AUTH_UNTRUSTED",
    step: "token",
    says: /names https:\/\/evil\.example, loadtest\.yaml expects issuer: https:\/\/127/,
    next: /issuer in auth/,
    exitCode: 4,
  },
  "metadata about another server": {
    setUp: () => {
      scene.mcp.protection.metadata = { resource: "https://other.example/mcp" };
      return { auth: BEARER, env: { TOKEN: SECRETS.good } };
    },
    after: () => {
      scene.mcp.protection.metadata = {};
    },
    finding: "AUTH_UNTRUSTED",
    step: "authorization-server",
    status: "warn",
    says: /its resource is https:\/\/other\.example\/mcp, not this server/,
    next: /ask the server's owner/,
    exitCode: 0,
  },
  "a wrong client secret": {
    setUp: () => ({ auth: oauth(), env: { CLIENT_SECRET: SECRETS.wrongSecret } }),
    finding: "AUTH_REFUSED",
    step: "token",
    says: /refused: https:\/\/127\.0\.0\.1:\d+\/token \(HTTP 401 invalid_client\)/,
    next: /the client id, the secret/,
    exitCode: 4,
  },
  "a client secret that is not set": {
    setUp: () => ({ auth: oauth() }),
    finding: "AUTH_MISSING",
    step: "credential",
    says: /not there: CLIENT_SECRET/,
    next: /set CLIENT_SECRET/,
    exitCode: 3,
  },
  "an issuer that is down": {
    setUp: () => {
      scene.oauth.behaviour.outage = "reset";
      return { auth: oauth(), env: { CLIENT_SECRET: SECRETS.clientSecret } };
    },
    after: () => {
      scene.oauth.behaviour.outage = "none";
    },
    finding: "AUTH_UNREACHABLE",
    step: "token",
    says: /could not be reached: https:\/\/127\.0\.0\.1:\d+\/token/,
    next: /does this machine reach it/,
    exitCode: 4,
  },
  "an issuer that has enough": {
    setUp: () => {
      scene.oauth.behaviour.outage = "429";
      return { auth: oauth(), env: { CLIENT_SECRET: SECRETS.clientSecret } };
    },
    after: () => {
      scene.oauth.behaviour.outage = "none";
    },
    finding: "AUTH_THROTTLED",
    step: "token",
    says: /asked to wait: https:\/\/127\.0\.0\.1:\d+\/token \(HTTP 429/,
    next: /wait, and try again/,
    exitCode: 4,
  },
  "a vault that lets nobody in": {
    setUp: () => {
      scene.vault.put("mcp-token", SECRETS.good);
      scene.vault.forbidden = "ForbiddenByRbac";
      return { auth: keyvault("mcp-token"), env: scene.azureVariables };
    },
    after: () => {
      scene.vault.forbidden = null;
    },
    finding: "AUTH_REFUSED",
    step: "token",
    says: /may not read secrets of this vault: role/,
    next: /the permission on the vault/,
    exitCode: 4,
  },
  "a secret that the vault does not have": {
    setUp: () => ({ auth: keyvault("no-such-secret"), env: scene.azureVariables }),
    finding: "AUTH_MISSING",
    step: "token",
    says: /no-such-secret in 127\.0\.0\.1:\d+ \(the vault has no such secret or version\)/,
    next: /correct secret in loadtest\.yaml/,
    exitCode: 3,
  },
  "a machine that is not logged in": {
    setUp: () => ({ auth: `{ strategy: entra, scope: api://mcp/.default, credential: ${scene.credential} }` }),
    finding: "AUTH_NO_LOGIN",
    step: "token",
    says: /no login that Azure knows \(tried environment/,
    next: /az login/,
    exitCode: 3,
  },
  "a program that fails": {
    setUp: () => ({
      auth: `{ strategy: command, run: [${JSON.stringify(process.execPath)}, -e, "process.exit(7)"] }`,
    }),
    finding: "AUTH_COMMAND",
    step: "token",
    says: /the program for the token failed: node \(.*7/,
    next: /run node by hand/,
    exitCode: 4,
  },
  "a clock that is off": {
    setUp: async () => {
      const date = new Date(Date.now() + 600_000).toUTCString();
      return { auth: "none", url: await scene.serve(openServer({ date })) };
    },
    finding: "CLOCK_OFF",
    step: "clock",
    status: "warn",
    says: /this machine's clock is 10 min behind the server's/,
    next: /set the clock/,
    exitCode: 0,
  },
  "a list of identities that is not there": {
    setUp: () => ({ auth: "{ strategy: bearer, identities: { csv: nowhere.csv } }" }),
    finding: "AUTH_MISSING",
    step: "credential",
    says: /not there: nowhere\.csv/,
    next: /write the file nowhere\.csv/,
    exitCode: 3,
  },
};

type TextedStep = Step & { readonly next: string | null };

interface Ran {
  readonly exitCode: number;
  readonly text: string;
  readonly checks: readonly {
    readonly identity: number | null;
    readonly exitCode: number;
    readonly steps: readonly TextedStep[];
  }[];
  /** Of the first check. */
  readonly steps: readonly TextedStep[];
}

const check = async (setUp: SetUp, chosen: Partial<AuthCheckOptions> = {}): Promise<Ran> => {
  const folder = temporaryProject({ "loadtest.yaml": yamlOf(setUp, scene), ...setUp.files });
  const env = setUp.env ?? {};
  const settings = loadSettings({ cwd: folder, project: folder, env }, RUN_PARTS);
  const run = async (json: boolean): Promise<{ exitCode: number; text: string }> => {
    const lines: string[] = [];
    const output = {
      print: (text: string) => lines.push(text),
      style: styleFor({ columns: 80 }, {}),
      env: { ...env },
      redactor: new Redactor(),
    };
    const options = { server: undefined, identity: undefined, allIdentities: false, ...chosen, json };
    return { exitCode: await authCheck(settings, options, output), text: lines.join("\n") };
  };
  const [read, parsed] = [await run(false), await run(true)];
  expect(parsed.exitCode).toBe(read.exitCode);
  const { exitCode, checks } = JSON.parse(parsed.text);
  expect(exitCode).toBe(read.exitCode);
  expect(read.text + parsed.text).not.toMatch(/canary-7d1f/);
  for (const token of scene.entra.tokens) expect(read.text + parsed.text).not.toContain(token);
  return { ...read, checks, steps: checks[0].steps };
};

describe("a broken set-up is told by its true reason and with what to do", () => {
  test.each(Object.entries(BROKEN))("%s", async (_name, broken) => {
    const setUp = await broken.setUp();
    try {
      const { exitCode, text, steps } = await check(setUp);
      const found = steps.find(({ finding }) => finding !== null);
      expect(found).toMatchObject({ id: broken.step, status: broken.status ?? "fail", finding: broken.finding });
      expect(found?.sentence).toMatch(broken.says);
      expect(found?.next).toMatch(broken.next);
      expect(text.replace(/\s+/g, " ")).toContain(`→ ${found?.next}`);
      expect(exitCode).toBe(broken.exitCode);
    } finally {
      broken.after?.();
    }
  });
});

const GOOD: Readonly<Record<string, () => SetUp>> = {
  bearer: () => ({ auth: BEARER, env: { TOKEN: SECRETS.good } }),
  "oauth, its scope found out from the server": () => ({
    auth: oauth(),
    env: { CLIENT_SECRET: SECRETS.clientSecret },
  }),
  keyvault: () => {
    scene.vault.put("mcp-token", SECRETS.good);
    return { auth: keyvault("mcp-token"), env: scene.azureVariables };
  },
  entra: () => ({
    auth: `{ strategy: entra, scope: api://mcp/.default, credential: ${scene.credential} }`,
    env: scene.azureVariables,
  }),
  command: () => ({
    auth: `{ strategy: command, run: [${JSON.stringify(process.execPath)}, -p, process.env.NAMED], env: [NAMED] }`,
    env: { NAMED: SECRETS.good },
  }),
};

describe("a good set-up is good to the end", () => {
  test.each(Object.entries(GOOD))("%s", async (_name, setUp) => {
    const { exitCode, steps } = await check(setUp());
    expect(steps.map(({ id, status, sentence }) => [id, status === "skip" ? "ok" : status, sentence])).toEqual(
      ["credential", "challenge", "authorization-server", "scope", "token", "initialize", "expiry"].map((id) => [
        id,
        "ok",
        expect.any(String),
      ]),
    );
    expect(exitCode).toBe(0);
  });
});

test("a token of Entra is shown by its claims", async () => {
  const { steps, text } = await check((GOOD.entra as () => SetUp)());
  expect(steps.find(({ id }) => id === "token")?.claims).toMatchObject({
    audience: ["api://mcp"],
    issuer: `${scene.entra.url}/${scene.entra.tenantId}/v2.0`,
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(text).toContain("audience api://mcp");
});

test.each(["entra", "keyvault"])("which of Azure's credentials has answered is said for %s", async (name) => {
  const { steps } = await check((GOOD[name] as () => SetUp)());
  expect(steps.find(({ id }) => id === "token")?.sentence).toMatch(/ ms, through environment$/);
});

test("a token that is not there and need not be is not told as if it were", async () => {
  const auth = "{ strategy: bearer, env: TOKEN, optional: true }";
  const { steps, exitCode } = await check({ auth, url: await scene.serve(openServer()) });
  expect(steps[0]).toMatchObject({ status: "skip", sentence: "TOKEN is not there, and it is optional" });
  expect(exitCode).toBe(0);
  const set = await check({ auth, env: { TOKEN: SECRETS.good } });
  expect(set.steps[0]).toMatchObject({ status: "ok", sentence: "bearer, env TOKEN" });
});

describe("a server that cannot be checked leaves the next one its turn", () => {
  test.each([
    "a list of identities that is not there",
    "an answer that is larger than the settings allow",
    "a client's certificate that is none",
  ])("%s", async (name) => {
    const { setUp, exitCode: code } = BROKEN[name] as Broken;
    const beside = `{ url: "${await scene.serve(openServer())}", auth: none }`;
    const { checks, exitCode, text } = await check({ ...(await setUp()), beside });
    expect(checks.map(({ exitCode }) => exitCode)).toEqual([code, 0]);
    expect(exitCode).toBe(code);
    expect(text).toMatch(/[^\n]\n\nbeside {2}http/);
  });
});

describe("identities", () => {
  const setUp = (): SetUp => ({
    auth: "{ strategy: bearer, identities: { env: [A, B, C] } }",
    env: { A: SECRETS.good, B: SECRETS.wrong },
  });

  test("the first is looked at", async () => {
    const { checks, exitCode } = await check(setUp());
    expect(checks.map(({ identity }) => identity)).toEqual([1]);
    expect(exitCode).toBe(0);
  });

  test("or the one that is asked for", async () => {
    const { checks, steps, exitCode } = await check(setUp(), { identity: 2 });
    expect(checks.map(({ identity }) => identity)).toEqual([2]);
    expect(steps.find(({ finding }) => finding !== null)?.finding).toBe("TOKEN_REFUSED");
    expect(exitCode).toBe(4);
  });

  test("or all of them, and the gravest failure counts", async () => {
    const { checks, exitCode, text } = await check(setUp(), { allIdentities: true });
    expect(checks.map(({ identity }) => identity)).toEqual([1, 2, 3]);
    expect(text).toContain("identity 3 of 3");
    expect(exitCode).toBe(4);
  });

  test("one that is not there is told", async () => {
    const { steps, exitCode } = await check(setUp(), { identity: 4 });
    expect(steps).toMatchObject([{ id: "credential", finding: "AUTH_IDENTITIES" }]);
    expect(exitCode).toBe(3);
  });
});
