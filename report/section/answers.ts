/** What a reader came for: what it carried, what breaks first, what to do next. */
import { countText } from "../../record/duration-text.ts";
import type { ReportContext } from "../context.ts";
import type { Section } from "../document.ts";

export const answersSection = ({ record: { file } }: ReportContext): Section => ({
  id: "answers",
  title: "Answers",
  blocks: [
    { kind: "figures", figures: [{ label: "sessions at once, at most", value: countText(file.sessions.peak) }] },
  ],
});
