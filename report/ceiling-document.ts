/** A search for the session ceiling as a page of its own. */
import type { Found } from "../capacity/ceiling/ceiling-file.ts";
import { headline, remarks } from "../capacity/ceiling/ceiling-lines.ts";
import { pictureOf } from "../capacity/picture/picture.ts";
import type { Document } from "./document.ts";
import { ceilingChart, stepsTable } from "./section/ceiling.ts";
import { strong } from "./span.ts";

/** @param expected sessions that the server will have to carry */
export const ceilingDocument = (found: Found, expected: number | null): Document => {
  const { server, id, startedAt, state } = found.head;
  const said = remarks(found, expected);
  return {
    title: `Session ceiling${server === null ? "" : ` of ${server}`}`,
    subtitle: `${id}, begun ${startedAt.slice(0, 19).replace("T", " ")} UTC${state === "complete" ? "" : `, ${state}`}`,
    sections: [
      {
        id: "answer",
        title: "Answer",
        blocks: [
          { kind: "paragraph", text: [strong(headline(found))] },
          ...(said.length === 0 ? [] : [{ kind: "list" as const, items: said }]),
          ...(pictureOf(found).points.length < 2 ? [] : [ceilingChart(found)]),
        ],
      },
      { id: "steps", title: "Steps", blocks: [stepsTable(found)] },
    ],
  };
};
