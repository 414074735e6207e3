/** For root no folder is read-only. Where the system can take that right away from a program that root starts, it is taken. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const RIGHTS = "-dac_override,-dac_read_search";
const SETPRIV = ["setpriv", "--bounding-set", RIGHTS, "--inh-caps", RIGHTS];
const TRY_LIMIT_MS = 10_000;

/**
 * @param programs folder of the engine's Python, which has to be readable without those rights, too
 * @returns words to put before a command, none for anybody but root; null when root cannot give its rights up here
 */
export const plainRights = async (programs: string): Promise<readonly string[] | null> => {
  if (process.getuid?.() !== 0) return [];
  const [command = "", ...words] = SETPRIV;
  try {
    await promisify(execFile)(command, [...words, join(programs, "python"), "-c", ""], { timeout: TRY_LIMIT_MS });
    return SETPRIV;
  } catch {
    return null; // no setpriv on this machine, or a container that does not let it
  }
};
