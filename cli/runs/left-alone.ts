import { countText } from "../../record/duration-text.ts";
import type { RunList } from "../../record/run-list.ts";

const MOST_NAMES = 3;

/** What of a results folder is not listed, in one line; null where all is. */
export const leftAloneText = ({ broken, others }: RunList): string | null => {
  const named = broken.slice(0, MOST_NAMES).join(", ");
  const more = broken.length > MOST_NAMES ? ` and ${countText(broken.length - MOST_NAMES)} more` : "";
  const parts = [
    ...(others === 0
      ? []
      : [others === 1 ? "1 folder without a run record" : `${countText(others)} folders without a run record`]),
    ...(broken.length === 0 ? [] : [`${countText(broken.length)} whose record cannot be read (${named}${more})`]),
  ];
  return parts.length === 0 ? null : `left alone: ${parts.join("; ")}`;
};
