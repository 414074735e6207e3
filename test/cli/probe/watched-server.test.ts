import { join } from "node:path";
import { expect, test } from "vitest";
import type { LoneEnd } from "../../../cli/lone-sessions.ts";
import { readHistory } from "../../../cli/probe/history-file.ts";
import { KeptHistory } from "../../../cli/probe/kept-history.ts";
import type { Sessions } from "../../../cli/probe/one-probe.ts";
import { WatchedServer } from "../../../cli/probe/watched-server.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

const CALL = { tool: "search", args: {}, mayWrite: false };

/** A server whose handshakes become faster, as of a process that loads its parts; `state` can be changed between looks. */
const watched = (state: { says: boolean; isThere?: boolean }) => {
  const path = join(temporaryProject({}), "learn.jsonl");
  let opened = 0;
  const ended = (ms: number, result: unknown = {}): LoneEnd => ({ failure: null, ms, result });
  const sessions: Sessions = {
    open: async () => {
      opened += 1;
      if (state.isThere === false) return { failure: { reason: "connect" }, ms: 0, result: undefined, session: opened };
      return { ...ended(opened === 1 ? 50 : 1), session: opened };
    },
    call: async (_session, method) =>
      ended(
        1,
        method === "tools/list" ? { tools: [{ name: "search", annotations: { readOnlyHint: state.says } }] } : {},
      ),
    close: async () => undefined,
  };
  const server = new WatchedServer({ server: "learn", call: CALL, sessions, history: new KeptHistory(path) });
  return { server, path, sessions: () => opened, signal: new AbortController().signal };
};

test("a tool that does not say that it only reads is refused at the first look, and nothing is kept", async () => {
  const { server, path, signal } = watched({ says: false });
  await expect(server.look(signal)).rejects.toThrow(/search of learn does not say that it only reads/);
  expect(() => readHistory(path)).toThrow(/there is no history/);
});

test("a tool that no longer says so is a failed probe of this server, and the looking goes on", async () => {
  const state = { says: true };
  const { server, path, signal } = watched(state);
  await server.look(signal);
  state.says = false;
  await server.look(signal);
  state.says = true;
  await server.look(signal);
  expect(readHistory(path).probes.map(({ isOk, reason }) => reason ?? isOk)).toEqual([true, "tool-may-write", true]);
});

test("the first handshakes of a process are not the server's", async () => {
  const { server, signal } = watched({ says: true });
  await server.look(signal);
  expect(server.probes).toMatchObject([{ isOk: true, initializeMs: 1, callMs: 1 }]);
});

test("a server that is not there is not asked again to be warm", async () => {
  const { server, sessions, signal } = watched({ says: true, isThere: false });
  await server.look(signal);
  expect(server.probes).toMatchObject([{ isOk: false, reason: "connect" }]);
  expect(sessions()).toBe(1);
});

test("a probe that the end cut off is none", async () => {
  const { server, path } = watched({ says: true });
  const stop = new AbortController();
  const looking = server.look(stop.signal);
  stop.abort();
  expect(await looking).toBeNull();
  expect(() => readHistory(path)).toThrow(/there is no history/);
});
