import type { Surroundings, World } from "../../auth/world.ts";

/** A machine with these files; a test may change them while it goes on. `null`: there, but it cannot be read. */
export class FakeWorld implements World {
  readonly files: Record<string, string | null>;
  reads = 0;

  constructor(files: Record<string, string | null> = {}) {
    this.files = files;
  }

  readonly readFile = (path: string): string => {
    this.reads += 1;
    const text = this.files[path];
    if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    if (text === null) throw Object.assign(new Error("permission denied"), { code: "EACCES" });
    return text;
  };

  readonly now = (): number => 0;
  readonly monotonicMs = (): number => 0;
  readonly after = (): (() => void) => () => undefined;
  readonly http = (): Promise<never> => Promise.reject(new Error("no network here"));
  readonly run = (): Promise<never> => Promise.reject(new Error("no programs here"));
  readonly azure = (): Promise<never> => Promise.reject(new Error("no Azure here"));
}

/** What a strategy is handed in a test; `over` says what the test is about. */
export const surroundingsIn = (world: World, over: Partial<Surroundings> = {}): Surroundings => ({
  ...world,
  lookup: () => undefined,
  folder: "/",
  server: { name: "learn", url: "https://mcp.test/mcp", headers: {}, tls: {} },
  report: () => undefined,
  learn: () => undefined,
  ...over,
});
