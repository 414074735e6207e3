/**
 * What the commands print: a line for each step, and one live line below while something runs. Without a terminal
 * (CI, a pipe) there is no live line and no colour, with NO_COLOR no colour.
 */

const isLive = Boolean(process.stdout.isTTY) && process.env.CI === undefined && process.env.TERM !== "dumb";
const isColoured = isLive && !process.env.NO_COLOR;

/** @param {number} code an SGR code @returns {(text: string) => string} */
const colour = (code) => (text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = colour(1);
export const dim = colour(2);
export const red = colour(31);
export const green = colour(32);
export const yellow = colour(33);

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
const CLEAR_LINE = "\r\u001b[2K";

/** The live line's text now; null when nothing is live. @type {(() => string) | null} */
let live = null;
let frame = 0;
/** @type {NodeJS.Timeout | undefined} */
let ticking;

/** Prints a line (or several) above the live one. @param {string} [text] */
export const print = (text = "") => {
  if (live === null) process.stdout.write(`${text}\n`);
  else process.stdout.write(`${CLEAR_LINE}${text}\n${liveText()}`);
};

/**
 * Shows a line that is drawn again ten times a second, until the returned function is called.
 * @param {() => string} text what to show now
 * @returns {() => void} takes the line away
 */
export const showLive = (text) => {
  if (!isLive) return () => {};
  live = text;
  const draw = () => {
    frame += 1;
    process.stdout.write(`${CLEAR_LINE}${liveText()}`);
  };
  draw();
  ticking = setInterval(draw, FRAME_MS);
  ticking.unref();
  return () => {
    clearInterval(ticking);
    live = null;
    process.stdout.write(CLEAR_LINE);
  };
};

/** True where a live line can be shown. */
export const hasLiveLine = isLive;

/** @param {number} ms @returns {string} seconds with one decimal, from a minute on minutes and seconds */
export const seconds = (ms) =>
  ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;

const TITLE_WIDTH = 20;

/**
 * One step: a live line while it works, a line that stays when it is done.
 * @template {string | null} T
 * @param {string} title
 * @param {(saying: (line: string) => void) => Promise<T>} work `saying` shows what it does just now; resolves with
 *   what to say about it
 * @returns {Promise<T>}
 */
export const step = async (title, work) => {
  const startedMs = performance.now();
  const elapsed = () => performance.now() - startedMs;
  let saying = "";
  const room = Math.max(20, (process.stdout.columns ?? 80) - TITLE_WIDTH - 16);
  const done = showLive(
    () =>
      `  ${FRAMES[frame % FRAMES.length]} ${title.padEnd(TITLE_WIDTH)}${seconds(elapsed())}  ${dim(saying.slice(0, room))}`,
  );
  if (!isLive) print(`  - ${title} ...`);
  try {
    const said = await work((line) => {
      saying = line;
    });
    done();
    print(
      `  ${green("✓")} ${title.padEnd(TITLE_WIDTH)}${said ?? ""}${dim(`${said ? ", " : ""}${seconds(elapsed())}`)}`,
    );
    return said;
  } catch (error) {
    done();
    print(`  ${red("✗")} ${title.padEnd(TITLE_WIDTH)}${dim(seconds(elapsed()))}`);
    throw error;
  }
};

const liveText = () => live?.() ?? "";
