/** One HTTP exchange of this room, as a value: what is asked, how far it may go, and what came back. */

/** Where a URL comes from decides where it may lead. */
export type Trust =
  /** The user wrote it into the configuration: it may lead anywhere. */
  | "given"
  /**
   * A server said it (a challenge, metadata). It may lead to the MCP server's own origin and to public addresses; to
   * private or loopback ones only when the MCP server itself is at such a place; never to link-local ones (cloud
   * metadata). Checked after resolution.
   */
  | "claimed";

export interface HttpQuestion {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly trust: Trust;
  /**
   * The MCP server in whose name it is asked: its place and its `tls` settings. They hold for its own origin as in a run;
   * elsewhere its `ca` is trusted beside the usual authorities, and its certificate and key are never shown.
   */
  readonly server: {
    readonly url: string;
    readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  };
  /** All of it, connect to last byte, ms. Default 10 s. */
  readonly limitMs?: number;
  /** Status and headers are all that is wanted: the answer's body is not read (a stream may never end) and is "". */
  readonly headersOnly?: boolean;
  /** The largest body that is taken, bytes. Default 256 KiB; a larger one rejects the exchange. */
  readonly mostBytes?: number;
  /** Is handed each piece of the body as it comes; with true the answer is complete, though its stream may stay open. */
  readonly until?: (piece: string) => boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; several values of one name are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
