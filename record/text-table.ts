/** Columns of plain text: the first is aligned left and gives way when the line is too narrow, the others right. */

const ESC = "\u001b";
const BEL = "\u0007";
/** Colours and cursor moves (CSI), titles and links (OSC), and the short ones. ECMA-48, 5.3 to 5.6. */
const ESCAPES = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?|[@-_])`, "g");

/** Escape sequences and other control characters could repaint a terminal; names and answers come from servers. */
export const printable = (text: string): string =>
  text.replaceAll(ESCAPES, "").replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");

/** Keeps both ends: names of one server differ at the end, and begin alike. */
export const shortened = (text: string, width: number): string => {
  if (text.length <= width) return text;
  if (width < 8) return text.slice(0, width);
  const tail = Math.floor((width - 2) / 2);
  return `${text.slice(0, width - 2 - tail)}..${text.slice(-tail)}`;
};

const GAP = "  ";

/**
 * @param columns of the whole line
 * @param widths at least, so that several tables line up
 */
export const tableLines = (
  rows: readonly (readonly string[])[],
  columns: number,
  widths: readonly number[] = [],
): string[] => {
  const count = Math.max(...rows.map((row) => row.length));
  const needed = Array.from({ length: count }, (_, column) =>
    Math.max(widths[column] ?? 0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const others = needed.slice(1).reduce((sum, width) => sum + width + GAP.length, 0);
  const first = Math.min(needed[0] ?? 0, Math.max(12, columns - others));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? shortened(cell, first).padEnd(first) : cell.padStart(needed[column] ?? 0)))
      .join(GAP)
      .trimEnd(),
  );
};

/** Widths that several tables need together. */
export const commonWidths = (rows: readonly (readonly string[])[]): number[] => {
  const count = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
};

/** Breaks at spaces; a word longer than the line stays whole. */
export const wrapped = (text: string, columns: number): string[] => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
};
