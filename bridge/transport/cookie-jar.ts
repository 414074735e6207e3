/**
 * The cookies of one session, just enough for the affinity cookies of load balancers: name and value, the newest wins,
 * an expired one goes. Path and domain are not looked at, since a session talks to one address only.
 */
export class CookieJar {
  readonly #values = new Map<string, string>();

  /** Takes the `set-cookie` headers of an answer. */
  take(setCookie: string | readonly string[] | undefined): void {
    if (setCookie === undefined) return;
    for (const line of typeof setCookie === "string" ? [setCookie] : setCookie) this.#takeOne(line);
  }

  /** The value of a `cookie` header; null when there is nothing to send. */
  header(): string | null {
    if (this.#values.size === 0) return null;
    return Array.from(this.#values, ([name, value]) => `${name}=${value}`).join("; ");
  }

  #takeOne(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const equals = pair.indexOf("=");
    if (equals < 1 || pair.length > MAX_PAIR_LENGTH) return;
    const name = pair.slice(0, equals).trim();
    this.#values.delete(name);
    if (attributes.some(isExpiry) || this.#values.size >= MAX_COOKIES) return;
    this.#values.set(name, pair.slice(equals + 1).trim());
  }
}

/** RFC 6265, section 6.1, names 50 cookies and 4,096 bytes as what a client should hold at least. */
const MAX_COOKIES = 50;
const MAX_PAIR_LENGTH = 4_096;

const isExpiry = (attribute: string): boolean => {
  const [name = "", value = ""] = attribute.split("=");
  const key = name.trim().toLowerCase();
  if (key === "max-age") return Number(value) <= 0;
  return key === "expires" && Date.parse(value) <= Date.now();
};
