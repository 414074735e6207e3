/** Tests and their files, as the data plane keeps them. */

import type { AzureWorld } from "./azure-world.ts";
import type { ServiceFaults } from "./faults.ts";
import { isMap, type Json, mergePatched } from "./merge-patch.ts";
import { scriptFault } from "./script-check.ts";
import { conflict, invalid, notFound, ServiceError } from "./service-error.ts";
import { checkTestRules } from "./test-rules.ts";

export interface StoredFile {
  readonly fileName: string;
  readonly fileType: string;
  readonly bytes: Buffer;
  readonly uploadedAtMs: number;
  readonly validation: {
    /** Until then VALIDATION_INITIATED. */
    readonly endsAtMs: number;
    readonly status: string;
    readonly details: string | null;
  };
}

export interface StoredTest {
  readonly testId: string;
  /** What the patches made of it. */
  body: Json;
  readonly files: Map<string, StoredFile>;
  appComponents: Json | null;
  serverMetrics: Json | null;
  readonly createdMs: number;
  modifiedMs: number;
  /** How many uploads there ever were. */
  uploads: number;
}

const EXTENSIONS: Readonly<Record<string, RegExp>> = {
  TEST_SCRIPT: /\.py$/,
  USER_PROPERTIES: /\.(?:conf|ini|toml)$/,
  ZIPPED_ARTIFACTS: /\.zip$/,
  ADDITIONAL_ARTIFACTS: /./,
};
/** Of these a test has one. */
const SINGLE = new Set(["TEST_SCRIPT", "USER_PROPERTIES"]);
const MOST_UPLOADS = 1000;
const MOST_ZIPS = 5;
const FILE_NAME = /^[^/\\:*?"<>|]{1,255}$/;

/** What the service sets where nothing was said. */
const DEFAULTS = {
  autoStopCriteria: {
    autoStopDisabled: false,
    errorRate: 90,
    errorRateTimeWindowInSeconds: 60,
    maximumVirtualUsersPerEngine: 5000,
  },
  loadTestConfiguration: { engineInstances: 1, splitAllCSVs: false },
} as const;

export interface ServiceTiming {
  /** Each state of a run but EXECUTING. */
  stateMs: number;
  executingMs: number;
  validationMs: number;
  /** Life of SAS links. */
  linkMs: number;
}

export interface Surroundings {
  readonly world: AzureWorld;
  readonly faults: ServiceFaults;
  readonly timing: ServiceTiming;
  readonly now: () => number;
}

export class LoadTests {
  readonly byId = new Map<string, StoredTest>();
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @throws {ServiceError} 404 */
  get(testId: string): StoredTest {
    const test = this.byId.get(testId);
    if (test === undefined) throw notFound("TestNotFound", `Test not found with given name '${testId}'.`);
    return test;
  }

  /** @returns whether it is new */
  patch(testId: string, patch: Json): { readonly test: StoredTest; readonly isNew: boolean } {
    const now = this.#around.now();
    const present = this.byId.get(testId);
    if (present?.body.kind !== undefined && patch.kind !== undefined && patch.kind !== present.body.kind) {
      throw invalid("The kind of a test cannot be changed.", "kind");
    }
    const body = withDefaults(mergePatched(present?.body ?? { kind: "JMX" }, patch) as Json);
    checkTestRules(body, this.#around.world.assigned);
    if (present !== undefined) {
      present.body = body;
      present.modifiedMs = now;
      return { test: present, isNew: false };
    }
    const test = {
      testId,
      body,
      files: new Map(),
      appComponents: null,
      serverMetrics: null,
      createdMs: now,
      modifiedMs: now,
      uploads: 0,
    };
    this.byId.set(testId, test);
    return { test, isNew: true };
  }

  putFile(
    test: StoredTest,
    file: { readonly name: string; readonly type: string; readonly bytes: Buffer },
  ): StoredFile {
    const { name, type, bytes } = file;
    const extension = EXTENSIONS[type];
    if (!FILE_NAME.test(name)) throw invalid("The name of a file has 1 to 255 characters and no path.", "fileName");
    if (extension === undefined) throw invalid(`A Locust test takes no files of type '${type}'.`, "fileType");
    if (test.body.kind !== "Locust") throw invalid("Only Locust tests are known to this fake.", "kind");
    if (!extension.test(name)) throw invalid(`'${name}' cannot be a ${type}.`, "fileName");
    const others = [...test.files.values()].filter(({ fileName }) => fileName !== name);
    const ofType = others.filter(({ fileType }) => fileType === type);
    if (SINGLE.has(type) && ofType.length > 0) {
      throw conflict("FileAlreadyExists", `The test has a ${type} already: ${ofType[0]?.fileName}.`);
    }
    if (type === "ZIPPED_ARTIFACTS" && ofType.length >= MOST_ZIPS)
      throw invalid(`A test takes ${MOST_ZIPS} zip files.`);
    if (test.uploads >= MOST_UPLOADS) throw invalid(`A test takes ${MOST_UPLOADS} uploads.`);
    const now = this.#around.now();
    const stored: StoredFile = {
      fileName: name,
      fileType: type,
      bytes,
      uploadedAtMs: now,
      validation: this.#validation(test, file, now),
    };
    test.uploads += 1;
    test.files.set(name, stored);
    test.modifiedMs = now;
    return stored;
  }

  deleteFile(test: StoredTest, name: string): void {
    if (!test.files.delete(name)) throw notFound("FileNotFound", `The test has no file '${name}'.`);
    test.modifiedMs = this.#around.now();
  }

  fileInfo(file: StoredFile, link: { readonly url: string; readonly expireDateTime: string }): Json {
    const { endsAtMs, status, details } = file.validation;
    const isOpen = this.#around.now() < endsAtMs;
    return {
      fileName: file.fileName,
      fileType: file.fileType,
      ...link,
      validationStatus: isOpen ? "VALIDATION_INITIATED" : status,
      ...(isOpen || details === null ? {} : { validationFailureDetails: details }),
    };
  }

  /** @throws {ServiceError} when no run of it can start now */
  checkStartable(test: StoredTest): StoredFile {
    const files = [...test.files.values()];
    const script = files.find(({ fileType }) => fileType === "TEST_SCRIPT");
    if (script === undefined) throw new ServiceError(400, "TestScriptNotFound", "The test has no test script.");
    const open = files.find(({ validation }) => this.#around.now() < validation.endsAtMs);
    if (open !== undefined) throw conflict("FileValidationInProgress", `${open.fileName} is being validated.`);
    const failed = files.find(({ validation }) => validation.status === "VALIDATION_FAILURE");
    if (failed !== undefined) {
      throw invalid(`${failed.fileName} failed its validation: ${failed.validation.details}`, failed.fileName);
    }
    return script;
  }

  /** What an engine would say to the script with the files as they are now; null: nothing. */
  scriptFault(test: StoredTest): string | null {
    const script = [...test.files.values()].find(({ fileType }) => fileType === "TEST_SCRIPT");
    return script === undefined ? "there is no test script" : scriptFault(script.fileName, textsOf(test));
  }

  /** The script is looked at with the files that are there when it comes, and so fails if it comes too early. */
  #validation(
    test: StoredTest,
    { name, type, bytes }: { readonly name: string; readonly type: string; readonly bytes: Buffer },
    now: number,
  ): StoredFile["validation"] {
    const { faults, timing } = this.#around;
    const endsAtMs = now + timing.validationMs;
    if (type === "TEST_SCRIPT") {
      const details = faults.validationFailure ?? scriptFault(name, textsOf(test).set(name, bytes.toString("utf8")));
      faults.validationFailure = null;
      return { endsAtMs, status: details === null ? "VALIDATION_SUCCESS" : "VALIDATION_FAILURE", details };
    }
    if (type === "ZIPPED_ARTIFACTS") {
      const isZip = bytes.subarray(0, 2).toString("latin1") === "PK";
      const details = isZip ? null : `${name} is not a zip file`;
      return { endsAtMs, status: isZip ? "VALIDATION_SUCCESS" : "VALIDATION_FAILURE", details };
    }
    return { endsAtMs: now, status: "VALIDATION_NOT_REQUIRED", details: null };
  }
}

const withDefaults = (body: Json): Json => {
  const filled: Record<string, unknown> = { ...body };
  for (const [name, defaults] of Object.entries(DEFAULTS)) {
    const present = body[name];
    filled[name] = { ...defaults, ...(isMap(present) ? present : {}) };
  }
  return filled;
};

const textsOf = (test: StoredTest): Map<string, string> =>
  new Map(
    [...test.files.values()]
      .filter(({ fileName }) => /\.(?:py|txt)$/.test(fileName))
      .map(({ fileName, bytes }) => [fileName, bytes.toString("utf8")]),
  );
