/** Where in its window a page is read. */

/** In the upper part of the window is where one reads. */
const SHARE = 0.25;

export interface Scrolled {
  /** Of the window, pixels. */
  readonly height: number;
  /** How far it is from the beginning of the page, and how far it can still go, pixels. */
  readonly above: number;
  readonly below: number;
}

/**
 * At the beginning of a page the line is at its top, and over the last window's height it goes down to the end: short sections
 * there, which never come up, are read one after the other.
 * @returns from the top of the window, pixels
 */
export const readingLine = ({ height, above, below }: Scrolled): number => {
  const usual = Math.min(height * SHARE, Math.max(0, above));
  return usual + (height - usual) * (1 - Math.min(1, Math.max(0, below) / height));
};
