/**
 * Which tools each server listed, and a fingerprint of what each takes and says of itself: what a change since another run,
 * or during this one, is seen by. Schemas themselves are not kept. docs/probe.md, "Tools that changed".
 */
import * as z from "zod";
import type { FactKeeper, FactKind } from "./fact-kind.ts";

/** Further ones are counted only. */
export const MOST_TOOLS = 500;
const MOST_SERVERS = 200;

const print = z.object({
  /** Of its schemas. */
  schema: z.string(),
  /** Of its description, title and annotations. */
  description: z.string(),
});
const snapshot = z.object({
  /** Wall clock of the list, ms. */
  atMs: z.number(),
  tools: z.record(z.string(), print),
  /** Tools behind the five hundredth name. */
  more: z.number().int(),
});
const toolsRecord = snapshot.extend({
  /** Lists that were looked at: one a second at most. */
  lists: z.number().int(),
  /** Names in which lists of this run differ: tools that came, went or changed. */
  differing: z.array(z.string()),
});
const tools = z.record(z.string(), toolsRecord);

export type ToolPrint = z.infer<typeof print>;
export type ToolsRecord = z.infer<typeof toolsRecord>;
export type ToolsSection = z.infer<typeof tools>;

/** One list, as a server gave it. */
export type ToolsEvent = z.infer<typeof snapshot> & { readonly server: string };

export const TOOLS: FactKind<ToolsEvent, ToolsSection> = {
  schema: tools,
  clean: (event, clean) => ({
    ...event,
    tools: Object.fromEntries(Object.entries(event.tools).map(([name, each]) => [clean(name), each])),
  }),
  keeper: () => new ToolsKeeper(),
};

export interface ToolChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Another schema, or other words. */
  readonly changed: readonly string[];
}

type Prints = Readonly<Record<string, ToolPrint>>;
type Listed = Pick<ToolsRecord, "tools" | "more">;

/** Names only, in their order. Of lists that are not kept whole, those up to where both are. */
export const toolChanges = (before: Listed, after: Listed): ToolChanges => {
  const isIn = (prints: Prints, name: string): boolean => Object.hasOwn(prints, name);
  const ends = [before, after].flatMap(({ tools, more }) => (more > 0 ? lastName(tools) : []));
  const namesOf = ({ tools }: Listed) => Object.keys(tools).filter((name) => ends.every((end) => name <= end));
  const isChanged = (name: string) => isIn(before.tools, name) && !isSame(before.tools[name], after.tools[name]);
  return {
    added: namesOf(after).filter((name) => !isIn(before.tools, name)),
    removed: namesOf(before).filter((name) => !isIn(after.tools, name)),
    changed: namesOf(after).filter(isChanged),
  };
};

/** By the order that they were kept in; an object puts names that are numbers first. */
const lastName = (prints: Prints): string =>
  Object.keys(prints).reduce((last, name) => (name > last ? name : last), "");

const isSame = (one: ToolPrint | undefined, other: ToolPrint | undefined): boolean =>
  one?.schema === other?.schema && one?.description === other?.description;

class ToolsKeeper implements FactKeeper<ToolsEvent, ToolsSection> {
  readonly #servers = new Map<string, ToolsRecord>();

  hear({ server, ...list }: ToolsEvent): void {
    this.#take(server, { ...list, lists: 1, differing: [] });
  }

  add(section: ToolsSection): void {
    for (const [server, theirs] of Object.entries(section)) this.#take(server, theirs);
  }

  section(): ToolsSection {
    return structuredClone(Object.fromEntries(this.#servers));
  }

  #take(server: string, theirs: ToolsRecord): void {
    const held = this.#servers.get(server);
    if (held === undefined) {
      if (this.#servers.size < MOST_SERVERS) this.#servers.set(server, theirs);
      return;
    }
    const { added, removed, changed } = toolChanges(held, theirs);
    const differing = new Set([...held.differing, ...theirs.differing, ...added, ...removed, ...changed]);
    const { atMs, tools, more } = theirs.atMs >= held.atMs ? theirs : held;
    this.#servers.set(server, {
      ...{ atMs, tools, more },
      lists: held.lists + theirs.lists,
      differing: [...differing].sort().slice(0, MOST_TOOLS),
    });
  }
}
