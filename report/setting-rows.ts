/** Settings of any shape as rows of key and value, bounded whatever they hold. */
import { shownAddress } from "./shown-address.ts";

const MOST_ROWS = 200;
const LONGEST_VALUE = 300;
const DEEPEST = 6;

/** `limits.callMs`, `60000`; what is empty or null is said as such. */
export const settingRows = (settings: unknown): (readonly [key: string, value: string])[] => {
  const rows: (readonly [string, string])[] = [];
  const walk = (key: string, value: unknown, depth: number): void => {
    if (rows.length >= MOST_ROWS) return;
    const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
    if (inner.length === 0 || depth >= DEEPEST) rows.push([key, valueText(value)]);
    else for (const [name, each] of inner) walk(key === "" ? name : `${key}.${name}`, each, depth + 1);
  };
  walk("", settings, 0);
  return rows;
};

const valueText = (value: unknown): string => {
  const text = typeof value === "string" ? shownAddress(value) : (JSON.stringify(value) ?? "-");
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
};
