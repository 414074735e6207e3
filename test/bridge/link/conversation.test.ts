import { type Duplex, duplexPair } from "node:stream";
import { describe, expect, test } from "vitest";
import { ArgumentMaker } from "../../../bridge/arguments/argument-maker.ts";
import { Conversation, type Conversed } from "../../../bridge/link/conversation.ts";
import { LinkError } from "../../../bridge/link/link-error.ts";
import { Operations } from "../../../bridge/operations.ts";
import { Redactor } from "../../../bridge/redactor.ts";
import { NO_TOTALS } from "../../../record/recorder.ts";

const HELLO = { op: "hello", v: 1, project: "/p", process: { kind: "local", index: 0, pid: 1 }, versions: {} };

interface Line {
  readonly [field: string]: unknown;
}

/** Both ends of a link whose bridge writes down what it is told. */
const linked = (over: Partial<Conversed> = {}) => {
  const [ours, theirs] = duplexPair();
  const heard: string[] = [];
  const bridge: Conversed = {
    operations: new Operations(
      () => null,
      () => null,
    ),
    start: async () => "/results/run",
    stop: async (reason) => {
      heard.push(`stop ${reason}`);
      return "/results/run";
    },
    end: async (reason) => {
      heard.push(`end ${reason}`);
    },
    divide: ({ index, of }) => heard.push(`share ${index}/${of}`),
    hearUsers: ({ n, locustCpu }) => heard.push(`users ${n} ${locustCpu}`),
    hearArrivals: ({ server, what, lateMs, dropped }) => heard.push(`${server} ${what} ${lateMs} ${dropped}`),
    hearTurn: ({ server, turn, reason }) => heard.push(`turn ${server} ${turn} ${reason}`),
    totals: async () => NO_TOTALS,
    live: async () => null,
    arguments: new ArgumentMaker(),
    onAuth: () => undefined,
    ...over,
  };
  const conversation = new Conversation(theirs, {
    redactor: new Redactor(),
    onHello: async () => ({ bridge, greeting: { version: "1.2.3", settings: {} } }),
  });
  return { python: new Python(ours), conversation, heard };
};

/** Python's end, as a test needs it: say lines, wait for lines. */
class Python {
  readonly #stream: Duplex;
  readonly #lines: Line[] = [];
  #wake: () => void = () => undefined;
  #text = "";

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (this.#text + chunk).split("\n");
      this.#text = parts.pop() ?? "";
      this.#lines.push(...parts.map((part) => JSON.parse(part) as Line));
      this.#wake();
    });
  }
  say(...lines: unknown[]): void {
    this.#stream.write(lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));
  }
  leave(): void {
    this.#stream.end();
  }
  async hear(): Promise<Line> {
    while (this.#lines.length === 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#lines.shift() as Line;
  }
}

describe("Conversation", () => {
  test("hello, clock, start, stop and quit are answered in their way", async () => {
    const { python, conversation, heard } = linked();
    python.say(HELLO);
    expect(await python.hear()).toMatchObject({ op: "hello", v: 1, version: "1.2.3", settings: {} });
    python.say({ op: "clock", id: 1 });
    expect(await python.hear()).toMatchObject({ op: "clock", id: 1, nowMs: expect.any(Number) });
    python.say({ op: "start", id: 2, run: "r", plan: {}, share: { index: 0, of: 1 } });
    expect(await python.hear()).toEqual({ op: "start", id: 2, dir: "/results/run" });
    python.say({ op: "users", n: 7, locustCpu: 0.5 }, { op: "share", share: { index: 1, of: 2 } });
    python.say({ op: "stop", id: 3, reason: "run time", tally: {} });
    expect(await python.hear()).toEqual({ op: "stop", id: 3, dir: "/results/run" });
    python.say({ op: "quit" });
    await conversation.over;
    expect(heard).toEqual(["users 7 0.5", "share 1/2", "stop run time", "end quit"]);
    expect(conversation.exitCode).toBe(0);
  });

  test("end of file without quit ends the bridge once", async () => {
    const { python, conversation, heard } = linked();
    python.say(HELLO);
    await python.hear();
    python.leave();
    await conversation.over;
    await conversation.end("again");
    expect(heard).toEqual(["end Locust's process ended without a word"]);
  });

  test("a line that is not of the protocol is told, then the link ends with exit code 3", async () => {
    const { python, conversation, heard } = linked();
    python.say(HELLO, "{garbage");
    const lines = [await python.hear(), await python.hear()];
    expect(lines.find(({ op }) => op === "error")).toMatchObject({ code: "LINK_BAD_LINE", exitCode: 3 });
    await conversation.over;
    expect(conversation.exitCode).toBe(3);
    expect(heard.length).toBeLessThanOrEqual(1);
  });

  test("another version of the protocol is refused with what to type", async () => {
    const { python, conversation } = linked();
    python.say({ ...HELLO, v: 99 });
    expect(await python.hear()).toMatchObject({
      code: "LINK_VERSION",
      message: expect.stringContaining("npm run build"),
    });
    await conversation.over;
  });

  test("a line before hello is refused", async () => {
    const { python, conversation } = linked();
    python.say({ op: "stats", id: 1 });
    expect(await python.hear()).toMatchObject({ code: "LINK_BAD_LINE" });
    await conversation.over;
  });

  test("a start that fails answers its own id and leaves the link alive", async () => {
    const start = async (): Promise<string> => {
      throw new LinkError("LINK_REFUSED");
    };
    const { python } = linked({ start });
    python.say(HELLO);
    await python.hear();
    python.say({ op: "start", id: 9, run: "r", plan: {}, share: { index: 0, of: 1 } });
    expect(await python.hear()).toMatchObject({ op: "error", id: 9, code: "LINK_REFUSED" });
    python.say({ op: "clock", id: 10 });
    expect(await python.hear()).toMatchObject({ op: "clock", id: 10 });
  });

  test("planned starts are told and have no answer", async () => {
    const { python, heard } = linked();
    python.say(HELLO);
    await python.hear();
    python.say({ op: "arrivals", server: "learn", what: "research", lateMs: [0.4, 1.5], dropped: 2 });
    python.say({ op: "clock", id: 10 });
    expect(await python.hear()).toMatchObject({ op: "clock" });
    expect(heard).toEqual(["learn research 0.4,1.5 2"]);
  });

  test("an operation's end is one line, its id that of the question", async () => {
    const { python } = linked();
    python.say(HELLO);
    await python.hear();
    python.say({ op: "call", id: 4, session: 1, method: "ping", at: 0 });
    expect(await python.hear()).toMatchObject({ end: 4, ok: false, reason: "session-lost" });
  });
});
