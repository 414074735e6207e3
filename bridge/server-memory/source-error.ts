/** Why a server's memory could not be read. One sentence for the record: no URL, nothing that the source said. */
export class SourceError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(why, options);
    this.name = "SourceError";
  }
}
