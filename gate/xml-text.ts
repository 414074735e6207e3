/** Texts as XML 1.0 takes them. */

export const xmlAttributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join("");

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * XML has no place for control characters and lone surrogates, not even escaped (section 2.2). What would turn the direction of
 * a line around or hide in it (U+202E, U+200B) it does have, and a reader of a test report is not to be shown it.
 */
export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{fffe}\u{ffff}]/gu, " ")
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
