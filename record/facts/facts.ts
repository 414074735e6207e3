/** The facts of a record, each kind kept by its own file. */
import * as z from "zod";
import type { Sample } from "../sample.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";
import { FACT_KINDS, FACT_NAMES, type Fact, type FactName } from "./fact-kinds.ts";

/** Kinds differ in their events and sections; in here each is only ever given its own. */
type AnyKind = FactKind<unknown, unknown>;
const kindOf = (name: FactName): AnyKind => FACT_KINDS[name] as AnyKind;

/** `facts` of `run.json`: a kind that nothing was heard of is absent. */
export const factsSchema = z.object(
  Object.fromEntries(FACT_NAMES.map((name) => [name, FACT_KINDS[name].schema.optional()])) as {
    [Name in FactName]: z.ZodOptional<(typeof FACT_KINDS)[Name]["schema"]>;
  },
);
export type FactSections = z.infer<typeof factsSchema>;

const OF_OPERATIONS = ["byLoad", "silences"] as const satisfies readonly FactName[];

export class Facts {
  readonly #keepers = new Map<FactName, FactKeeper<unknown, unknown>>();

  hear({ kind, event }: Fact): void {
    this.#keeper(kind).hear(event);
  }

  /** Facts that are made of the operations themselves, as they end; their bounds are the sections' own. */
  see(sample: Sample): void {
    for (const name of OF_OPERATIONS) this.#keeper(name).hear(sample);
  }

  add(sections: FactSections): void {
    for (const name of FACT_NAMES) if (sections[name] !== undefined) this.#keeper(name).add(sections[name]);
  }

  sections(): FactSections {
    return Object.fromEntries([...this.#keepers].map(([name, keeper]) => [name, keeper.section()]));
  }

  #keeper(name: FactName): FactKeeper<unknown, unknown> {
    let keeper = this.#keepers.get(name);
    if (keeper === undefined) {
      keeper = kindOf(name).keeper();
      this.#keepers.set(name, keeper);
    }
    return keeper;
  }
}

/** The same fact without a secret in its texts. */
export const cleanFact = (fact: Fact, clean: (text: string) => string): Fact => {
  const event = kindOf(fact.kind).clean?.(fact.event, clean) ?? fact.event;
  return { kind: fact.kind, event } as Fact;
};
