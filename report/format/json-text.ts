/** JSON whose texts can do nothing in a terminal: what JSON itself lets stand is escaped as well, and reads back the same. */

/** C1 controls, and what turns the direction of a line round or hides in it. */
const INVISIBLE = /[\u0080-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** @param indent as of `JSON.stringify` */
export const jsonText = (value: unknown, indent?: number): string => escapedJson(JSON.stringify(value, null, indent));

/** @param json that somebody else wrote, such as one from which a secret was taken */
export const escapedJson = (json: string): string =>
  json.replaceAll(INVISIBLE, (character) =>
    Array.from({ length: character.length }, (_, at) => escaped(character.charCodeAt(at))).join(""),
  );

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, "0")}`;
