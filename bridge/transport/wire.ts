import { AuthError } from "../../auth/auth-error.ts";
import { credentialsOf } from "../../config/proxy.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { FromServer } from "../from-server.ts";
import { KeptResults } from "../kept-results.ts";
import type { Repair } from "./authorized-request.ts";
import { ConnectionCount } from "./connection-count.ts";
import { HttpConnections } from "./http-connections.ts";
import { type HeaderList, serverHeaders } from "./request-headers.ts";

/** What the bridge gives to everything that speaks to one server. */
export interface WireDeps {
  /** One HTTP request that belongs to no operation, by its name without the server. */
  readonly onHidden: (name: string) => void;
  /** The server refused a credential, and it is known what came of it. */
  readonly onRepair?: (repair: Repair) => void;
  /** Monotonic, ms. */
  readonly clock?: () => number;
  /** Counts what the server tells and asks. */
  readonly fromServer?: FromServer;
  /** The room for results, of all servers together. */
  readonly kept?: KeptResults;
  /** One sentence for the user's log. */
  readonly note?: (text: string) => void;
}

/** Credentials that are remembered for redaction: the one in use and those that it replaced a moment ago. */
const MAX_CREDENTIALS = 4;

/** What all sessions with one server share on the wire. */
export class Wire {
  readonly settings: ServerSettings;
  readonly connections: HttpConnections;
  readonly count = new ConnectionCount();
  readonly path: string;
  readonly headers: HeaderList;
  readonly clock: () => number;
  readonly onHidden: WireDeps["onHidden"];
  readonly onRepair: (repair: Repair) => void;
  readonly fromServer: FromServer;
  readonly kept: KeptResults;
  readonly #note: (text: string) => void;
  readonly #noted = new Set<string>();
  readonly #credentials = new Set<string>();
  /** A key in the query comes back in error pages, as it was sent or decoded. */
  readonly #ownSecrets: readonly string[];

  constructor(settings: ServerSettings, deps: WireDeps) {
    const url = new URL(settings.url);
    this.settings = settings;
    this.connections = new HttpConnections(settings, this.count);
    this.path = url.pathname + url.search;
    this.#ownSecrets = [
      ...Object.values(settings.headers),
      ...[url.search, ...url.search.slice(1).split(/[&=]/), ...url.searchParams.values()],
      ...credentialsOf(settings.connections.proxy),
      ...Object.values(settings.stdio?.env ?? {}).flatMap(secretsIn),
    ];
    this.headers = serverHeaders(settings);
    this.clock = deps.clock ?? (() => performance.now());
    this.onHidden = deps.onHidden;
    this.onRepair = deps.onRepair ?? (() => {});
    this.fromServer = deps.fromServer ?? new FromServer(settings.name);
    this.kept = deps.kept ?? new KeptResults();
    this.#note = deps.note ?? (() => {});
  }

  /** Tells the user something that holds for the server, however many sessions come upon it. */
  noteOnce(text: string): void {
    if (this.#noted.has(text)) return;
    this.#noted.add(text);
    this.#note(text);
  }

  /**
   * Keeps a credential in mind so that it can be taken out of what the server says.
   * @throws {AuthError} AUTH_UNUSABLE when no header can carry it
   */
  remember(credential: string): void {
    if (this.#credentials.has(credential)) return;
    if (!/^[\t\x20-\x7e]*$/.test(credential)) throw new AuthError("AUTH_UNUSABLE");
    const [oldest] = this.#credentials;
    if (this.#credentials.size >= MAX_CREDENTIALS && oldest !== undefined) this.#credentials.delete(oldest);
    this.#credentials.add(credential);
  }

  /** All that must not show in a detail: credentials with and without their scheme, header values, the URL's query. */
  secrets(): string[] {
    const bare = Array.from(this.#credentials, (credential) => credential.slice(credential.indexOf(" ") + 1));
    return [...this.#credentials, ...bare, ...this.#ownSecrets];
  }
}

/** Whatever its name is, a process may quote a variable: as a whole, one line of a key, the password within an address. */
const secretsIn = (variable: string): string[] => [
  variable,
  ...variable.split(/\r?\n/),
  ...(URL.canParse(variable) ? credentialsOf(variable) : []),
];
