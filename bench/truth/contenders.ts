/** Who says how long calls took: this project, and what one would use instead. The table's rows come in this order. */

interface Contender {
  readonly title: string;
  /** What its figures are, for a reader of the table. */
  readonly is: string;
  /** A program of `bench/truth/generator/` or a locustfile of `bench/truth/locust/`. */
  readonly program: { readonly node: string } | { readonly locustfile: string };
  readonly needsBundle: boolean;
  /** Can follow an arrival rate, or has something that is used for one. */
  readonly hasArrivals: boolean;
}

export const CONTENDERS = {
  swarmbridge: {
    title: "swarmbridge",
    is: "the run record of McpUser: service time, under an arrival rate response time",
    program: { locustfile: "truth_bridge_locustfile.py" },
    needsBundle: true,
    hasArrivals: true,
  },
  fast: {
    title: "FastHttpUser",
    is: "all response times that Locust was told of MCP by hand on FastHttpUser",
    program: { locustfile: "truth_fast_locustfile.py" },
    needsBundle: false,
    hasArrivals: true,
  },
  requests: {
    title: "HttpUser",
    is: "the same on HttpUser, which uses requests",
    program: { locustfile: "truth_requests_locustfile.py" },
    needsBundle: false,
    hasArrivals: true,
  },
  sdk: {
    title: "MCP SDK",
    is: "the TypeScript SDK's client with its fetch transport, all users in one Node process",
    program: { node: "sdk-client.ts" },
    needsBundle: false,
    hasArrivals: false,
  },
} as const satisfies Record<string, Contender>;

export type ContenderName = keyof typeof CONTENDERS;

export const CONTENDER_NAMES = Object.keys(CONTENDERS) as ContenderName[];

export const contenderOf = (name: ContenderName): Contender => CONTENDERS[name];
