import { InMemoryResponseCacheStore } from "@modelcontextprotocol/client";

/**
 * The SDK's response cache for all sessions with one server, kept down to what the protocol needs: a list of tools in
 * which some argument is mirrored into a request header (2026-07-28, `x-mcp-header`). Nothing is ever served from it
 * instead of a request, and a list without such tools would only cost every session memory.
 */
export class HeaderTools extends InMemoryResponseCacheStore {
  override set(...[key, entry]: Parameters<InMemoryResponseCacheStore["set"]>): number {
    if (key.method === "tools/list" && entry.value.includes('"x-mcp-header"')) return super.set(key, entry);
    this.delete(key);
    return 0;
  }

  // A session that ends leaves the list to the others.
  override clear(): void {}
}
