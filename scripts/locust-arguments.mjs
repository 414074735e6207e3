/** From the user's arguments to those of Locust: our own for a run on the demo fleet, and the user's win. */

/** A run of the demo: short, and with users enough for all four servers (R26: 17 over four). */
const DEMO_RUN = ["--headless", "--users", "17", "--spawn-rate", "8", "--run-time", "30s", "--only-summary"];
const QUIET = ["--loglevel", "WARNING"];
/** Failed calls are a result, not a failure of the run. */
const ALWAYS = ["--locustfile", "multi.py", "--exit-code-on-error", "0"];
/** Locust's own default is every interface; the page starts load for whoever opens it. */
const WEB = ["--web-host", "127.0.0.1", "--web-port", "8089"];

/** Options of Locust that make sense with the web UI only. */
const WEB_OPTIONS = ["--web-port", "-P", "--web-host", "--autostart", "--autoquit", "--class-picker"];

/**
 * @typedef {{ wantsWeb: boolean, arguments: string[], webUrl: string | null }} LocustArguments
 * @param {readonly string[]} given what stands behind `npm start --`; `--web` is ours
 * @returns {LocustArguments} `webUrl` where the web UI will be, null for a run without
 */
export const locustArguments = (given) => {
  const own = given.filter((argument) => argument !== "--web");
  const wantsWeb = own.length < given.length || WEB_OPTIONS.some((option) => lastValueOf(own, option) !== null);
  if (!wantsWeb) return { wantsWeb, arguments: [...ALWAYS, ...DEMO_RUN, ...QUIET, ...own], webUrl: null };
  const all = [...ALWAYS, ...WEB, ...own];
  const host = lastValueOf(all, "--web-host");
  const port = lastValueOf(all, "--web-port", "-P");
  return { wantsWeb, arguments: all, webUrl: `http://${host || "127.0.0.1"}:${port}` };
};

/**
 * The last value of an option, as Locust's own parser takes it.
 * @param {readonly string[]} all @param {string[]} names @returns {string | null} empty for a flag, null when absent
 */
const lastValueOf = (all, ...names) => {
  for (let index = all.length - 1; index >= 0; index -= 1) {
    const [name = "", value] = (all[index] ?? "").split("=", 2);
    if (names.includes(name)) return value ?? all[index + 1] ?? "";
  }
  return null;
};
