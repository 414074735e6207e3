/** Numbers in the bytes of a log. */

const ZERO = 48;
const POINT = 46;
/** With more digits a sum of them is not exact any more. */
const MOST_DIGITS = 15;

/** The same as `Number` of the text: whole numbers and decimals in plain digits at once, all else by way of a string. */
export const numberIn = (bytes: Buffer, from: number, end: number): number => {
  let whole = 0;
  let scale = 0;
  if (end <= from || end - from > MOST_DIGITS) return Number(bytes.toString("latin1", from, end));
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) {
      whole = whole * 10 + digit;
      scale *= 10;
    } else if (digit === POINT - ZERO && scale === 0 && end - from > 1) scale = 1;
    else return Number(bytes.toString("latin1", from, end));
  }
  // One division of exact numbers is rounded as the text is.
  return scale === 0 ? whole : whole / scale;
};
