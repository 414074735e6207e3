/** A container's memory as Docker's own `stats` shows it: what is used, less the page cache that it would give back. */
import { page } from "./page.ts";
import { SourceError } from "./source-error.ts";

export const DOCKER_SOCKET = "/var/run/docker.sock";

/** @see https://docs.docker.com/reference/cli/docker/container/stats/ (memory usage on Linux) */
export const containerMemory = async (
  container: string,
  { limitMs, socketPath = DOCKER_SOCKET }: { readonly limitMs: number; readonly socketPath?: string },
): Promise<number> => {
  const url = `http://localhost/containers/${encodeURIComponent(container)}/stats?stream=false&one-shot=true`;
  const text = await page({ url, socketPath, limitMs });
  const { usage, stats } = memoryIn(text);
  // cgroup v2, and v1 below it.
  const cache = stats?.inactive_file ?? stats?.total_inactive_file;
  const bytes = Number(usage) - (typeof cache === "number" ? cache : 0);
  if (typeof usage !== "number" || !(bytes >= 0)) throw new SourceError("the container does not run");
  return bytes;
};

interface Memory {
  readonly usage?: unknown;
  readonly stats?: Readonly<Record<string, unknown>>;
}

const memoryIn = (text: string): Memory => {
  try {
    return (JSON.parse(text) as { readonly memory_stats?: Memory } | null)?.memory_stats ?? {};
  } catch (cause) {
    throw new SourceError("Docker's answer is not JSON", { cause });
  }
};
