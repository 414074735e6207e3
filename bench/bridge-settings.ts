/** A `loadtest.yaml` for the null server, in a folder of its own that also takes the run records. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Its name in `loadtest.yaml` and in the statistics. */
export const BENCH_SERVER = "bench";

export interface Workplace {
  /** Where generators run: no project's `locust.conf` is in force there. */
  readonly folder: string;
  /** Variables for what reads the configuration. */
  environment(url: string, revision: string): Readonly<Record<string, string>>;
  remove(): void;
}

export const makeWorkplace = (): Workplace => {
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-bench-"));
  const config = join(folder, "loadtest.yaml");
  return {
    folder,
    environment: (url, revision) => {
      writeFileSync(config, `servers:\n  ${BENCH_SERVER}:\n    url: ${url}\n    protocol: "${revision}"\n`);
      return { SWARMBRIDGE_CONFIG: config, SWARMBRIDGE_RESULTS: join(folder, "results") };
    },
    // A bridge that is just ending may still write its record.
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
};
