/**
 * Azure Load Testing on loopback, over HTTPS and strict: Azure Resource Manager, the data plane and the storage behind its
 * SAS links, with an Entra whose tokens they check. It keeps state, and runs go through their states with time.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { FakeEntra } from "../entra.ts";
import { TEST_CA } from "../faulty-server.ts";
import { AzureWorld } from "./azure-world.ts";
import { BlobStorage } from "./blob-storage.ts";
import { noFaults } from "./faults.ts";
import { asReply, type Call, Host, type LoggedRequest, type Reply } from "./host.ts";
import { LoadTests, type ServiceTiming } from "./load-tests.ts";
import { OpenApiCheck } from "./open-api.ts";
import { resourceManagerRoutes } from "./resource-manager.ts";
import { answerByRoutes, checkToken } from "./routes.ts";
import { runRoutes } from "./run-routes.ts";
import type { RunParts } from "./run-view.ts";
import { ServiceError } from "./service-error.ts";
import { testRoutes } from "./test-routes.ts";
import { seededResults, TestRuns } from "./test-runs.ts";

export interface FakeLoadTestingOptions {
  /** Its start and stop are the caller's then. */
  readonly entra?: FakeEntra;
  readonly timing?: Partial<ServiceTiming>;
  /** Wall clock, ms; for tests that drive it. */
  readonly now?: () => number;
}

const AUDIENCE = "https://cnt-fake.loadtesting.test";
const PORTAL = "https://portal.azure.test";

export class FakeLoadTesting {
  readonly entra: FakeEntra;
  /** May be changed while it runs; times of runs are fixed when they start. */
  readonly timing: ServiceTiming;
  readonly faults = noFaults();
  readonly world: AzureWorld;
  /** What the runs' engines measure. */
  readonly results = seededResults();
  readonly archives: RunParts["archives"] = { records: [], isLarge: false };
  /** Every request that came, in order of its answer. */
  readonly requests: LoggedRequest[] = [];
  /** Counts what Microsoft's OpenAPI was asked about, and keeps what did not fit: in answers, that is a fault of this fake. */
  readonly openApi = new OpenApiCheck();
  readonly audience = AUDIENCE;
  readonly portal = PORTAL;
  readonly tests: LoadTests;
  readonly runs: TestRuns;
  readonly blobs: BlobStorage;
  readonly #folder = mkdtempSync(join(tmpdir(), "fake-load-testing-"));
  /** PEM of the authority behind all hosts. */
  readonly caFile = join(this.#folder, "ca.pem");
  readonly #management: Host;
  readonly #dataPlane: Host;
  readonly #storage: Host;
  readonly #ownsEntra: boolean;

  constructor(options: FakeLoadTestingOptions = {}) {
    const now = options.now ?? Date.now;
    this.#ownsEntra = options.entra === undefined;
    this.entra = options.entra ?? new FakeEntra({ resources: [] });
    this.timing = { stateMs: 60, executingMs: 600, validationMs: 150, linkMs: 3_600_000, ...options.timing };
    this.world = new AzureWorld(this.entra.principalId);
    writeFileSync(this.caFile, TEST_CA.certPem);
    const { world, faults, timing, requests: log } = this;
    this.blobs = new BlobStorage(() => this.#storage.url, now);
    this.tests = new LoadTests({ world, faults, timing, now });
    this.runs = new TestRuns(this.tests, { world, faults, timing, now }, this.results);
    const { tests, runs, blobs, portal, archives } = this;
    const parts: RunParts = { world, faults, timing, now, tests, runs, blobs, portal, archives };
    const dataPlane = [...testRoutes(parts), ...runRoutes(parts)];
    const management = resourceManagerRoutes(world, () => this.urls.dataPlaneHost);
    this.#management = new Host("management", {
      faults: faults.management,
      log,
      answer: (call) => {
        checkToken(call, this.#management.url);
        return answerByRoutes(management, call);
      },
    });
    this.#dataPlane = new Host("dataPlane", {
      faults: faults.dataPlane,
      log,
      answer: async (call) => {
        checkToken(call, AUDIENCE);
        const reply = await answerByRoutes(dataPlane, call).catch((error: unknown) => asReply(error));
        this.#secondOpinion(call, reply);
        return reply;
      },
    });
    this.#storage = new Host("blob", { faults: faults.blob, log, answer: (call) => blobs.answer(call) });
  }

  /** @throws {ServiceError} when this fake took (400) or answers (500) what Microsoft's OpenAPI does not know */
  #secondOpinion({ method, url, headers, body }: Call, { status, json }: Reply): void {
    const isJson = status < 400 && headers["content-type"]?.includes("json") === true && body.length > 0;
    const fault = isJson ? this.openApi.request(method, url.pathname, JSON.parse(body.toString("utf8"))) : null;
    const isWrong = json !== undefined && this.openApi.answer(method, url.pathname, { status, json }) !== null;
    if (isWrong) throw new ServiceError(500, "FakeIsBroken", this.openApi.faults.at(-1) ?? "");
    if (fault !== null) throw new ServiceError(400, "NotInOpenApi", fault);
  }

  async start(): Promise<void> {
    await Promise.all([this.#management.start(), this.#dataPlane.start(), this.#storage.start()]);
    if (this.#ownsEntra) await this.entra.start();
    this.entra.know(AUDIENCE, this.#management.url);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#management.stop(), this.#dataPlane.stop(), this.#storage.stop()]);
    if (this.#ownsEntra) await this.entra.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get urls() {
    return {
      management: this.#management.url,
      /** Without a scheme, as ARM says it. */
      dataPlaneHost: this.#dataPlane.url.replace("https://", ""),
      blob: this.#storage.url,
      entra: this.entra.url,
    };
  }

  /** What stands under `azure:` in loadtest.yaml, to mean this service; `testId` and the rest is the caller's. */
  get settings() {
    return {
      cloud: { management: this.urls.management, audience: AUDIENCE, portal: PORTAL },
      credential: { use: "environment", authorityHost: this.entra.url, instanceDiscovery: false },
      subscription: this.world.subscription,
      resourceGroup: this.world.resourceGroup,
      resource: this.world.resource,
    } as const;
  }

  /** The same as YAML, at the margin. */
  get settingsYaml(): string {
    return stringify(this.settings);
  }

  /** A process that has these logs in and trusts the fake. */
  get variables() {
    return {
      AZURE_TENANT_ID: this.entra.tenantId,
      AZURE_CLIENT_ID: this.entra.clientId,
      AZURE_CLIENT_SECRET: this.entra.clientSecret,
      NODE_EXTRA_CA_CERTS: this.caFile,
    };
  }
}
