import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    // Processes, not threads: tests start workers, send signals and read memory of their own process.
    pool: "forks",
    // Its own choice on two cores is one; most files wait for a socket or a process half of their time.
    maxWorkers: 2,
    // A real server on loopback on a busy machine; a test that hangs still ends soon.
    testTimeout: 15_000,
    hookTimeout: 15_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
