/** Pieces of a sentence as HTML. */
import type { Inline, Span } from "../document.ts";
import { htmlText } from "./html-text.ts";

export const inlineHtml = (inline: Inline, most?: number): string =>
  typeof inline === "string"
    ? htmlText(inline, most)
    : inline.map((piece) => (typeof piece === "string" ? htmlText(piece, most) : spanHtml(piece, most))).join("");

/** Without the marks: for a label that only text can be. */
export const inlineText = (inline: Inline): string =>
  typeof inline === "string"
    ? inline
    : inline.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");

const TAGS = { strong: "strong", code: "code" } as const satisfies Record<NonNullable<Span["style"]>, string>;

const spanHtml = ({ text, style, tone }: Span, most: number | undefined): string => {
  const written = htmlText(text, most);
  const tag = style === undefined ? "span" : TAGS[style];
  return style === undefined && tone === undefined ? written : `<${tag}${toneClass(tone)}>${written}</${tag}>`;
};

/** @param more other classes @returns an attribute with a space before it, or nothing */
export const toneClass = (tone: string | undefined, more = ""): string => {
  const names = [more, tone ?? ""].filter((name) => name !== "").join(" ");
  return names === "" ? "" : ` class="${names}"`;
};
