/** How text looks on this terminal: colours where they are wanted, lines no wider than it is. */

interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Style {
  readonly columns: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const USUAL_COLUMNS = 80;
/** Below this nothing can be laid out; the terminal wraps then. */
const FEWEST_COLUMNS = 30;
/** Longer lines are hard to read. */
const MOST_COLUMNS = 110;

/** Colours only on a terminal, and not with NO_COLOR (no-color.org) or in CI. */
export const styleFor = ({ isTTY, columns }: Screen, env: NodeJS.ProcessEnv): Style => {
  const isColoured = isTTY === true && !env.NO_COLOR && env.TERM !== "dumb" && env.CI === undefined;
  const colour = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    columns: Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, columns ?? USUAL_COLUMNS)),
    bold: colour(1),
    dim: colour(2),
    red: colour(31),
    green: colour(32),
    yellow: colour(33),
  };
};
