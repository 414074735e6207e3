/**
 * What a page says, without a word on how it looks: sections of blocks. HTML and Markdown are made of the same ones. Every
 * text in it is plain text; whoever writes it out escapes it, so that a server's name can do nothing wherever it stands.
 */

/** What a value means to the reader. Never told by colour alone: the text says it as well. */
export type Tone = "good" | "warning" | "bad" | "quiet";

/** A piece of a sentence. `code` is for what can be typed or was said by a program. */
export interface Span {
  readonly text: string;
  readonly style?: "strong" | "code";
  readonly tone?: Tone;
}
export type Inline = string | readonly (string | Span)[];

export interface Document {
  readonly title: string;
  /** One line below the title: when, where, how it ended. */
  readonly subtitle: Inline;
  readonly sections: readonly Section[];
}

export interface Section {
  /** Letters, digits and `-`; unique in the document: the target of links. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block = Paragraph | List | Facts | Figures | Table | Chart | Details;

export interface Paragraph {
  readonly kind: "paragraph";
  readonly text: Inline;
  /** A note that stands out. */
  readonly tone?: Tone;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Inline[];
}

/** Labels and what is said of each. */
export interface Facts {
  readonly kind: "facts";
  readonly rows: readonly (readonly [label: string, value: Inline])[];
}

/** A few large figures beside each other: the answers that somebody came for. */
export interface Figures {
  readonly kind: "figures";
  readonly figures: readonly {
    readonly label: string;
    readonly value: string;
    readonly note?: Inline;
    readonly tone?: Tone;
  }[];
}

export interface Table {
  readonly kind: "table";
  /** Read by screen readers, and above the table. */
  readonly caption: string;
  readonly columns: readonly {
    readonly title: string;
    readonly align?: "text" | "number";
    readonly hint?: string;
    /** Has pictures and no text: left out where nothing can be drawn, and nothing to sort by. */
    readonly isPicture?: boolean;
  }[];
  readonly rows: readonly (readonly Cell[])[];
  /** More rows than this are folded away at first. */
  readonly shownRows?: number;
}

export type Cell =
  | string
  | {
      readonly text: Inline;
      readonly tone?: Tone;
      /** What the column is sorted by, where the text does not sort. */
      readonly sort?: number;
      /** A small picture beside the text: heights of 0 and more, left to right; the text says what matters of it. */
      readonly shape?: readonly number[];
    };

/** Hidden until it is asked for. */
export interface Details {
  readonly kind: "details";
  readonly summary: string;
  readonly blocks: readonly Block[];
}

export type Chart = Lines | Bars | HeatMap;

interface Drawn {
  readonly title: string;
  /** What the picture shows, in a sentence or two with figures: for who does not see it, and for Markdown. */
  readonly says: string;
}

export interface Axis {
  readonly label: string;
  /** How its values are written. `seconds` are those since the start. */
  readonly unit: "seconds" | "ms" | "count" | "percent" | "bytes" | "perSecond" | "none";
  /** Logarithmic axes begin above zero. */
  readonly scale?: "linear" | "log";
}

/** Over a common x; null is a gap. */
export interface Lines extends Drawn {
  readonly kind: "chart";
  readonly type: "lines";
  readonly x: Axis & { readonly values: readonly number[] };
  readonly y: Axis;
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null)[];
    readonly tone?: Tone;
    /** Steps hold until the next value. Without a word on it, the place among the others decides on the dash. */
    readonly line?: "line" | "steps" | "dots" | "dashed";
    /** In the colour of the series of that name: another line of the same thing, which `line` tells apart. */
    readonly colourOf?: string;
    /** Fills down to the series of that name: percentile bands. */
    readonly fillTo?: string;
    /** On an axis of its own, to the right. */
    readonly right?: Axis;
  }[];
  /** Limits, such as an slo: lines across. */
  readonly limits?: readonly { readonly name: string; readonly at: number; readonly tone?: Tone }[];
}

export interface Bars extends Drawn {
  readonly kind: "chart";
  readonly type: "bars";
  readonly x: Axis & { readonly labels: readonly string[] };
  readonly y: Axis;
  /** Upon each other. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[]; readonly tone?: Tone }[];
}

/** How many of each column lie in each row. */
export interface HeatMap extends Drawn {
  readonly kind: "chart";
  readonly type: "heat";
  /** Where each column begins. */
  readonly x: Axis & { readonly values: readonly number[] };
  /** Where each row begins, ascending. */
  readonly y: Axis & { readonly values: readonly number[] };
  /** By column, then by row. */
  readonly counts: readonly (readonly number[])[];
}
