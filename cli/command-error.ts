/** What ends the command because of what was typed. Its message is one or two sentences for a person. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CommandError";
  }
}
