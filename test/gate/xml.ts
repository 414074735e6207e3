/** A small strict reader of XML, for tests: elements, attributes, text and the five entities; anything else is thrown. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const NAME = /^[A-Za-z_][\w.-]*/;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export const parseXml = (source: string): XmlElement => {
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(source))
    throw new Error("a character XML has not");
  let rest = source.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, "");
  const take = (pattern: RegExp): string => {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) throw new Error(`expected ${pattern} at ${rest.slice(0, 40)}`);
    rest = rest.slice(found.length);
    return found;
  };
  const element = (): XmlElement => {
    take(/^</);
    const name = take(NAME);
    const attributes: Record<string, string> = {};
    while (/^\s+[A-Za-z]/.test(rest)) {
      take(/^\s+/);
      const key = take(NAME);
      if (key in attributes) throw new Error(`${key} stands twice`);
      take(/^="/);
      attributes[key] = unescaped(take(/^[^"<]*/));
      take(/^"/);
    }
    if (rest.startsWith("/>")) {
      take(/^\/>/);
      return { name, attributes, children: [], text: "" };
    }
    take(/^>/);
    const children: XmlElement[] = [];
    let text = "";
    while (!rest.startsWith("</")) {
      if (rest.startsWith("<")) children.push(element());
      else text += unescaped(take(/^[^<]+/));
    }
    take(new RegExp(`^</${name}>`));
    return { name, attributes, children, text };
  };
  const root = element();
  if (rest.trim() !== "") throw new Error("there is something behind the root");
  return root;
};

const unescaped = (text: string): string =>
  text.replaceAll(/&([^;]*;?)/g, (_, name: string) => {
    const character = ENTITIES[name.slice(0, -1)];
    if (character === undefined || !name.endsWith(";")) throw new Error(`&${name} is no entity`);
    return character;
  });
