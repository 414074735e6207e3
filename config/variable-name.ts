import * as z from "zod";

/** What a shell takes for the name of a variable, at most 64 characters: a longer or odder text is the secret itself. */
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** The name of an environment variable, where a secret is named. @param rule what is said of anything else */
export const variableName = (rule: string) => z.string(rule).regex(VARIABLE_NAME, rule);
