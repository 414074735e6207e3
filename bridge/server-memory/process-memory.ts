/** The resident memory of processes of this machine, as Linux tells it in `/proc`. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { textValue } from "./page-values.ts";
import { SourceError } from "./source-error.ts";

/** @param proc another place for tests @throws {SourceError} when there is no such process, or no `/proc` */
export const processMemory = async (pid: number, proc = "/proc"): Promise<number> => {
  const status = await readFile(`${proc}/${pid}/status`, "utf8").catch((cause: unknown) => {
    if (process.platform !== "linux") throw new SourceError("only Linux tells the memory of a process", { cause });
    throw new SourceError("there is no such process", { cause });
  });
  return textValue(status, "VmRSS");
};

/** The processes that listen on a port of this machine: a server that forks has several. Pages they share count in each. */
export const portMemory = async (port: number): Promise<number> => {
  const pids = await listeners(port);
  if (pids.length === 0) throw new SourceError("no process that we may look at listens on this port");
  const each = await Promise.all(pids.map((pid) => processMemory(pid)));
  return each.reduce((sum, bytes) => sum + bytes, 0);
};

const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
/** Fields of a row: address and port in hex, state, inode. https://docs.kernel.org/networking/proc_net_tcp.html */
const [LOCAL, STATE, INODE] = [1, 3, 9];
const LISTENING = "0A";

const listeners = async (port: number): Promise<number[]> => {
  const tables = await Promise.all(TABLES.map((path) => readFile(path, "utf8").catch(() => "")));
  const rows = tables.flatMap((table) => table.split("\n").map((row) => row.trim().split(/\s+/)));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const own = rows.filter((row) => row[STATE] === LISTENING && row[LOCAL]?.endsWith(suffix) === true);
  const sockets = new Set(own.map((row) => `socket:[${row[INODE]}]`));
  if (sockets.size === 0) return [];
  // One after the other: there may be thousands of processes, and this is in nobody's hurry.
  const pids: number[] = [];
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (/^\d+$/.test(pid) && (await holdsOne(pid, sockets))) pids.push(Number(pid));
  }
  return pids;
};

const holdsOne = async (pid: string, sockets: ReadonlySet<string>): Promise<boolean> => {
  const folder = `/proc/${pid}/fd`;
  // Another user's process, or one that has just ended.
  const files = await readdir(folder).catch(() => []);
  for (const file of files) {
    if (sockets.has(await readlink(`${folder}/${file}`).catch(() => ""))) return true;
  }
  return false;
};
