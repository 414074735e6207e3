/** What is wrong with a shape, as one sentence without its place: the file's schema knows the line, the command line none. */
export class ShapeError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "ShapeError";
  }
}
