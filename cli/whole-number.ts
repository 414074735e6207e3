import { InvalidArgumentError } from "commander";

/** The value of an option that counts. */
export const wholeNumber = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 1.");
};
