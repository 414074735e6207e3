/**
 * The fake of Azure Load Testing as a process of its own. Prints one line of JSON (URLs, variables of a process that uses
 * it, the settings under `azure:`) and ends when its standard input ends. A line of JSON on it changes faults, times or the
 * archives meanwhile, `{"faults":{"dataPlane":{"throttled":3}}}`, and is answered by a line with what there is.
 */

import { createInterface } from "node:readline";
import { FakeLoadTesting } from "./fake-load-testing.ts";
import { changeFaults, type FaultsChange } from "./faults.ts";
import type { ServiceTiming } from "./load-tests.ts";
import type { RecordFolder } from "./result-archives.ts";
import type { ResultRow } from "./run-results.ts";
import { tell } from "./state-told.ts";

interface Change {
  readonly faults?: FaultsChange;
  readonly timing?: Partial<ServiceTiming>;
  readonly archives?: { readonly records?: readonly RecordFolder[]; readonly isLarge?: boolean };
  /** What the engines of every later run measure. */
  readonly rows?: readonly ResultRow[];
  /** Secrets that the vault gets and loses. */
  readonly vault?: { readonly put?: readonly string[]; readonly remove?: readonly string[] };
  /** A run that somebody stops in the portal. */
  readonly stop?: string;
}

const fake = new FakeLoadTesting();
await fake.start();

const change = ({ faults = {}, timing, archives, rows, vault, stop }: Change): void => {
  changeFaults(fake.faults, faults);
  Object.assign(fake.timing, timing);
  Object.assign(fake.archives, archives);
  if (rows !== undefined) fake.results.rowsOf = () => rows;
  for (const { secrets } of fake.world.vaults.values()) {
    for (const name of vault?.put ?? []) secrets.add(name);
    for (const name of vault?.remove ?? []) secrets.delete(name);
  }
  if (stop !== undefined) fake.runs.stop(fake.runs.get(stop));
};

const { urls, variables, settings, settingsYaml, caFile } = fake;
const { resourceId, identityId, subnetId, vaultUrl } = fake.world;
const ids = { resourceId, identityId, subnetId, vaultUrl };
process.stdout.write(`${JSON.stringify({ urls, variables, settings, settingsYaml, caFile, ids })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  change(JSON.parse(line) as Change);
  process.stdout.write(`${JSON.stringify(tell(fake))}\n`);
}
await fake.stop();
