/** Which keys of a server belong to which transport, where a wrong one would be passed over in silence. */
import { URL_RULE } from "./url-schema.ts";

interface Entry {
  readonly transport: string;
  readonly url?: string | undefined;
  readonly stdio?: object | undefined;
  readonly protocol: string;
  readonly auth: { readonly strategy: string };
  readonly headers: Readonly<Record<string, string>>;
}

interface KeyFault {
  readonly key: keyof Entry;
  readonly message: string;
}

interface Rule extends KeyFault {
  readonly isBroken: (entry: Entry) => boolean;
}

const isStdio = ({ transport }: Entry): boolean => transport === "stdio";

const RULES: readonly Rule[] = [
  { key: "url", message: URL_RULE, isBroken: (entry) => !isStdio(entry) && entry.url === undefined },
  {
    key: "url",
    message: "has no meaning with transport: stdio, where the server is the process of stdio.command",
    isBroken: (entry) => isStdio(entry) && entry.url !== undefined,
  },
  {
    key: "stdio",
    message: "must be a map with the key command: the program that is the server",
    isBroken: (entry) => isStdio(entry) && entry.stdio === undefined,
  },
  {
    key: "stdio",
    message: "is for transport: stdio, which is not this server's",
    isBroken: (entry) => !isStdio(entry) && entry.stdio !== undefined,
  },
  {
    key: "auth",
    message: "has no meaning with transport: stdio: a process gets its credential through stdio.env",
    isBroken: (entry) => isStdio(entry) && entry.auth.strategy !== "none",
  },
  {
    key: "headers",
    message: "have no meaning with transport: stdio",
    isBroken: (entry) => isStdio(entry) && Object.keys(entry.headers).length > 0,
  },
  {
    key: "protocol",
    message: "is 2026-07-28, which is spoken over streamable-http alone here",
    isBroken: ({ transport, protocol }) => transport !== "streamable-http" && protocol === "2026-07-28",
  },
];

/** @returns what is wrong, each with the key that it is about */
export const transportFaults = (entry: Entry): readonly KeyFault[] => RULES.filter(({ isBroken }) => isBroken(entry));
