/**
 * Text of realistic size for the results of the demo servers. Paragraphs are made once, at the start; an answer only picks
 * among them by a hash of the question, so that one question always has one answer and text costs no time under load.
 */

import { hashOf, type Random, seededRandom } from "./random.ts";

const WORDS =
  "access account agent alert api application archive argument assembly async backup batch binding branch buffer build cache call certificate channel client cloud cluster code column command commit compute config connection container context credential data database default deploy device disk document domain endpoint engine entity environment error event example export field file filter folder format function gateway group handler header host identity image import index input instance interface item job key label language latency library limit link list load log machine manifest memory message metadata method metric migration model module monitor name namespace network node object operation option output package page parameter partition path pipeline plan policy pool port preview process profile project property protocol proxy query queue quota rate record region registry release report request resource response result retry role route rule runtime sample scale schedule schema scope script secret section server service session setting shard signal snapshot source stack stage state storage stream string subnet subscription table tag target task template tenant test thread throughput timeout token topic trace trigger type update upload user value variable vault version view volume web worker workflow zone".split(
    " ",
  );
const PARAGRAPHS = 64;
const PARAGRAPH_CHARACTERS = 1_500;

export class SeededText {
  readonly #paragraphs: readonly string[];

  constructor(seed: number) {
    const random = seededRandom(seed);
    this.#paragraphs = Array.from({ length: PARAGRAPHS }, () => paragraph(random));
  }

  /** @param characters at most 1,500 */
  passage(question: string, index: number, characters = PARAGRAPH_CHARACTERS): string {
    const at = (hashOf(question) + index) % PARAGRAPHS;
    return (this.#paragraphs[at] ?? "").slice(0, characters);
  }

  /** Three or so words, fit for a title or a name. */
  title(question: string, index: number): string {
    return this.passage(question, index, 60).split(" ").slice(1, 4).join(" ");
  }

  /** A whole number below `below`, the same for the same question. */
  number(question: string, below: number): number {
    return hashOf(question) % below;
  }

  /** Plain text of exactly this many characters, each of them one byte in UTF-8. */
  file(characters: number): string {
    const block = this.#paragraphs.join("\n");
    return block.repeat(Math.ceil(characters / block.length)).slice(0, characters);
  }
}

function paragraph(random: Random): string {
  let text = "";
  while (text.length < PARAGRAPH_CHARACTERS) {
    const words = Array.from(
      { length: 8 + Math.floor(random() * 12) },
      () => WORDS[Math.floor(random() * WORDS.length)],
    );
    text += `The ${words.join(" ")}. `;
  }
  return text.slice(0, PARAGRAPH_CHARACTERS);
}
