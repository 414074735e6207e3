import type { Duplex } from "node:stream";
import { Conversation, type Greeted, type Hello, type Note } from "../link/conversation.ts";
import type { Redactor } from "../redactor.ts";
import { VERSION } from "../version.ts";
import { type AnnouncedFace, announceFace, wantedPort } from "./announced-face.ts";
import { load, makeBridge } from "./make-bridge.ts";

/** Being the bridge of a Locust process, from its first line to its end. */

/** A way out for the one case that must not happen: an end that does not end. Longer than all limits on its way. */
const LAST_RESORT_MS = 15_000;

/** @returns the exit code */
export const serveLink = async (stream: Duplex, redactor: Redactor): Promise<number> => {
  let face: AnnouncedFace | null = null;
  const onHello = async (hello: Hello, note: Note): Promise<Greeted> => {
    const loaded = load(hello.project, redactor, hello.load);
    const bridge = makeBridge(loaded, hello.versions, note);
    const port = wantedPort();
    if (port !== null) {
      face = await announceFace(bridge, port, { carriesOut: false, redactor, environment: loaded.environment });
      note("info", `the bridge's HTTP face is at ${face.url}; its token is in ${face.file}`);
    }
    return { bridge, greeting: { version: VERSION, node: process.versions.node, settings: loaded.described } };
  };
  const onEnding = (): void => {
    // Now, not at the end: when the link is over Python may end this process before anything else is done.
    face?.withdraw();
    setTimeout(() => process.exit(conversation.exitCode), LAST_RESORT_MS).unref();
  };
  const conversation = new Conversation(stream, { redactor, onHello, onEnding });
  quietConsole();
  // Ctrl-C reaches the whole terminal; Locust decides what it means and ends the link when it is done.
  process.on("SIGINT", () => undefined);
  process.on("SIGHUP", () => undefined);
  process.on("SIGTERM", () => void conversation.end("the bridge got SIGTERM"));
  await conversation.over;
  await (face as AnnouncedFace | null)?.close();
  return conversation.exitCode;
};

/**
 * Locust's terminal is Locust's. The SDK warns on the console, for one of tools that a server describes badly: text of a
 * stranger, once for each session, and on standard output it would spoil `--json`.
 */
const quietConsole = (): void => {
  for (const method of ["log", "info", "warn", "error", "debug"] as const) console[method] = () => undefined;
};
