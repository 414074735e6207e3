/** Where in its window a page is read. */

/** In the upper part of the window is where one reads. */
const SHARE = 0.25;

/**
 * Over the last window's height of a page the line goes down to its end: short sections that stand there, which never come up,
 * are read one after the other.
 * @param height of the window, pixels
 * @param left that can still be scrolled, pixels
 * @returns from the top of the window, pixels
 */
export const readingLine = (height: number, left: number): number =>
  height * (SHARE + (1 - SHARE) * (1 - Math.min(1, Math.max(0, left) / height)));
