/** Pieces of sentences. */
import type { Span, Tone } from "./document.ts";

/** What can be typed, or was said by a program. */
export const code = (text: string): Span => ({ text, style: "code" });

export const strong = (text: string, tone?: Tone): Span => ({
  text,
  style: "strong",
  ...(tone !== undefined && { tone }),
});

/** `a, b, c`: servers that have something in common. */
export const codes = (texts: readonly string[]): (string | Span)[] =>
  texts.flatMap((text, index) => (index === 0 ? [code(text)] : [", ", code(text)]));
