/** The command line that plans the same load again, as far as a record knows it. */
import type { RunFile } from "../record/run-file.ts";

/** What a shell takes as one word without quotes. */
const PLAIN = /^[\w./:@%+=-]+$/;
const word = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** @returns null where the plan does not name its locustfile, as in what somebody else's rows were made into */
export const repeatCommand = ({
  locustfile,
  users,
  spawnRate,
  runTime,
  shape,
  stopTimeout,
}: RunFile["plan"]): string | null => {
  if (typeof locustfile !== "string") return null;
  const option = (name: string, value: string | number | null | undefined, unit = ""): string[] =>
    typeof value === "string"
      ? [name, word(value)]
      : typeof value === "number" && value > 0
        ? [name, `${value}${unit}`]
        : [];
  // A shape plans the users and the time by itself.
  const load =
    typeof shape === "string"
      ? []
      : [...option("-u", users), ...option("-r", spawnRate), ...option("-t", runTime, "s")];
  return ["locust --headless -f", word(locustfile), ...load, ...option("-s", stopTimeout)].join(" ");
};
