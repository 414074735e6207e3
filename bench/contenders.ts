/** Who takes part, what each needs, and at which numbers of users. One table; the report's rows come in its order. */
import { USERS } from "./workload.ts";

interface Contender {
  readonly title: string;
  /** What it is, for a reader of the table. */
  readonly is: string;
  /** A TypeScript program of `bench/generator/` or a locustfile of `bench/locust/`. */
  readonly program: { readonly node: string } | { readonly locustfile: string };
  readonly needsBundle: boolean;
  readonly users: readonly number[];
  /**
   * Before the window: until V8 has compiled what is hot, which takes longer where the compiler shares its one core
   * with two programs. CPython compiles nothing. Measured: figures stay the same with longer ones.
   */
  readonly warmUpMs: number;
}

export const CONTENDERS = {
  undici: {
    title: "raw undici",
    is: "undici's Pool.request POSTs a ready-made tools/call; the answer is read, not parsed",
    program: { node: "raw-undici.ts" },
    needsBundle: false,
    users: USERS,
    warmUpMs: 700,
  },
  client: {
    title: "our client",
    is: "the bridge's MCP sessions in a bare Node process: no link, no Locust, no record",
    program: { node: "mcp-client.ts" },
    needsBundle: false,
    users: USERS,
    warmUpMs: 1_500,
  },
  link: {
    title: "bridge",
    is: "the bridge as it ships, driven over its link from another core by a program that is not Locust",
    program: { node: "bridge-link.ts" },
    needsBundle: true,
    users: [50],
    warmUpMs: 1_500,
  },
  locust: {
    title: "Locust + bridge",
    is: "what users of this project run: McpUser in Locust and the bridge, both on one core",
    program: { locustfile: "bridge_locustfile.py" },
    needsBundle: true,
    users: USERS,
    warmUpMs: 2_000,
  },
  "by-hand": {
    title: "FastHttpUser",
    is: "Locust's fastest HTTP user with MCP spoken by hand: what one writes without this project",
    program: { locustfile: "by_hand_locustfile.py" },
    needsBundle: false,
    users: USERS,
    warmUpMs: 400,
  },
} as const satisfies Record<string, Contender>;

export type ContenderName = keyof typeof CONTENDERS;

export const CONTENDER_NAMES = Object.keys(CONTENDERS) as ContenderName[];

export const contenderOf = (name: ContenderName): Contender => CONTENDERS[name];

/** One that the user asked for by a number of users of their own takes part there too. */
export const takesPart = (name: ContenderName, users: number): boolean => {
  const usual: readonly number[] = USERS;
  return contenderOf(name).users.includes(users) || !usual.includes(users);
};
