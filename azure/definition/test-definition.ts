/**
 * What one configuration means at Azure Load Testing, checked and complete. The YAML, the REST bodies and the plan are
 * all made of this one value, so they cannot say different things.
 */

import type { AutoStop } from "../../config/auto-stop-schema.ts";
import type { Criterion, ServerCriterion } from "../../gate/criterion.ts";
import type { AzureSettings } from "../azure-schema.ts";

/** How a file is uploaded. `USER_PROPERTIES` is locust.conf; the script goes last. */
export const FILE_KINDS = ["ADDITIONAL_ARTIFACTS", "ZIPPED_ARTIFACTS", "USER_PROPERTIES", "TEST_SCRIPT"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** A file of the upload set. All of them lie in one folder: a name is a basename. */
export interface UploadFile {
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: number;
  /** Absolute path that it is copied from, or the text that it is made of. */
  readonly from: { readonly path: string } | { readonly text: string };
}

/** What `locust.conf` says of the load: totals over all engines. */
export interface Load {
  readonly users: number;
  readonly spawnRate: number;
  /** null: until somebody stops it, which Azure would not. */
  readonly runTimeSeconds: number | null;
}

export interface TestDefinition {
  readonly azure: AzureSettings;
  readonly load: Load;
  /** Those that Azure judges; the local ones are the gate's. */
  readonly client: readonly Criterion[];
  readonly server: readonly ServerCriterion[];
  readonly autoStop: AutoStop;
  /** The engines' environment: `azure.env` and what our parts need there (`ENGINES_VARIABLE`, LOCUST_*). */
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly UploadFile[];
  /** Servers that will be tested, with what is worth saying about each before money is spent. */
  readonly targets: readonly Target[];
  /** What the user should know and that stops nothing, one sentence each. */
  readonly warnings: readonly string[];
}

export interface Target {
  readonly name: string;
  /** Without its query. */
  readonly url: string;
  readonly class: "loopback" | "private" | "public";
  /** Users and calls a second that the owner agreed to; null: none said, the guard holds it to 17 and 3. */
  readonly allow: { readonly users: number; readonly callsPerSecond: number } | null;
  /** Variable that its credential needs and that no env, secret or identity of `azure` brings: it would be left out. */
  readonly missing: string | null;
}

/** Environment entry by which an engine knows how many there are. Python reads it (locustfiles/). */
export const ENGINES_VARIABLE = "SWARMBRIDGE_ENGINES";
