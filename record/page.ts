/** The page that a summary is written on: how wide it is, whether it has colours. */
import { wrapped } from "./text-table.ts";

const NARROWEST = 80;
const WIDEST = 140;
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

export interface PageOptions {
  /** Width of the terminal; held between 80 and 140. */
  readonly columns?: number;
  readonly color?: boolean;
}

export interface Page {
  readonly columns: number;
  readonly paint: (style: keyof typeof CODES, text: string) => string;
}

export const pageOf = ({ columns = NARROWEST, color = false }: PageOptions): Page => ({
  columns: Math.min(WIDEST, Math.max(NARROWEST, columns)),
  paint: (style, text) => (color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text),
});

/** A fact of a server below its name, over as many lines as it takes. */
export const indented = (text: string, columns: number): string[] =>
  wrapped(text, columns - 4).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`));
