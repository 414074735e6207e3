import type { World } from "../../auth/auth-strategy.ts";

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
}
