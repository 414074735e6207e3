/**
 * The page beside Locust's web UI: asks once a second while somebody looks, and shows the answer. Whatever a server calls
 * its tools is text and nothing else.
 */
import { element } from "../element.ts";

const EVERY_MS = 1000;
const WHOSE: Readonly<Record<string, string>> = {
  wire: "the network",
  server: "the server",
  tool: "the tool",
  user: "the test",
  ours: "the harness",
};

/** As locustfiles/lookout.py and web_tab.py write it. Percentiles are texts: they may carry a mark. */
interface View {
  readonly state: "none" | "running" | "ended";
  readonly run: string | null;
  readonly elapsedS: number;
  readonly runTimeS: number | null;
  readonly silence: string | null;
  readonly figures: Figures | null;
  readonly runs: readonly Run[];
}
interface Run {
  readonly key: string;
  readonly run: string;
  readonly isHere: boolean;
  readonly elsewhere: readonly string[];
}
interface Figures {
  readonly users: number;
  readonly inFlight: number;
  readonly operations: number;
  readonly failures: number;
  readonly perSecond: number | null;
  readonly hiddenPerOperation: number;
  readonly p50: string;
  readonly p95: string;
  readonly sessions: readonly { readonly server: string; readonly open: number; readonly peak: number }[];
  readonly reasons: readonly { readonly reason: string; readonly count: number; readonly whose: string }[];
  readonly names: readonly NameRow[];
  readonly harnessDelay: readonly { readonly half: string; readonly p50: string; readonly p99: string }[];
  readonly generator: { readonly level: string; readonly reasons: readonly string[] };
}
interface NameRow {
  readonly name: string;
  readonly operations: number;
  readonly failures: number;
  readonly firstEventP50: string;
  readonly firstEventP95: string;
  readonly p50: string;
  readonly p95: string;
  readonly p99: string;
}

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};

/** What each place shows. Leaves alone what has not changed: a reader keeps its place, a link its focus. */
const shown = new Map<string, string>();
const put = (id: string, children: readonly HTMLElement[]): void => {
  const html = children.map((child) => child.outerHTML).join("");
  if (shown.get(id) === html) return;
  shown.set(id, html);
  byId(id).replaceChildren(...children);
};
const say = (id: string, text: string, kind = ""): void => {
  const place = byId(id);
  if (place.textContent !== text) place.textContent = text;
  place.className = kind;
};

type Row = readonly [name: string, ...values: (string | number)[]];

const table = (id: string, heads: readonly string[], rows: readonly Row[], whenEmpty: string): void => {
  if (rows.length === 0) {
    put(id, [element("caption", {}, whenEmpty)]);
    return;
  }
  const head = element("tr");
  head.append(...heads.map((text) => element("th", { scope: "col" }, text)));
  const top = element("thead");
  top.append(head);
  const body = element("tbody");
  for (const [name, ...values] of rows) {
    const row = element("tr");
    row.append(element("th", { scope: "row" }, name), ...values.map((value) => element("td", {}, String(value))));
    body.append(row);
  }
  put(id, [top, body]);
};

const secondsText = (seconds: number): string => {
  const whole = Math.floor(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

const runItem = ({ key, run, isHere, elsewhere }: Run): HTMLElement => {
  const item = element("li", {}, `${run}: `);
  if (isHere) {
    const place = `runs/${encodeURIComponent(key)}`;
    const report = { href: `${place}/report`, target: "_blank", rel: "noopener", "aria-label": `Report of ${run}` };
    const file = { href: `${place}/run.json`, download: "", "aria-label": `run.json of ${run}` };
    item.append(element("a", { ...report, class: "button" }, "Report"), " ", element("a", file, "run.json"));
  }
  if (elsewhere.length > 0) {
    const what = isHere ? "parts of its record are on other machines" : "its record is on other machines";
    item.append(element("span", {}, ` ${what}: ${elsewhere.join(", ")}`));
  }
  return item;
};

const showFigures = (figures: Figures): void => {
  const { generator } = figures;
  say("generator", generator.level, generator.level);
  put(
    "generator-reasons",
    generator.reasons.map((reason) => element("li", {}, reason)),
  );
  const now: Readonly<Record<string, string | number>> = {
    "sessions open": figures.sessions.reduce((sum, { open }) => sum + open, 0),
    users: figures.users,
    "operations in flight": figures.inFlight,
    "operations per second": figures.perSecond ?? "-",
    operations: figures.operations,
    failures: figures.failures,
    "service p50 / p95, ms": `${figures.p50} / ${figures.p95}`,
    "hidden requests per operation": figures.hiddenPerOperation,
  };
  put(
    "now",
    Object.entries(now).flatMap(([what, value]) => [element("dt", {}, what), element("dd", {}, String(value))]),
  );
  table(
    "sessions",
    ["Server", "open", "peak"],
    figures.sessions.map(({ server, open, peak }) => [server, open, peak]),
    "No session yet.",
  );
  table(
    "reasons",
    ["Reason", "count", "whose"],
    figures.reasons.map(({ reason, count, whose }) => [reason, count, WHOSE[whose] ?? whose]),
    "No failure.",
  );
  table(
    "harness",
    ["Half", "p50", "p99"],
    figures.harnessDelay.map(({ half, p50, p99 }) => [`${half} the call`, p50, p99]),
    "No call yet.",
  );
  table(
    "names",
    ["Name", "operations", "failures", "first event p50", "p95", "service p50", "p95", "p99"],
    figures.names.map((one) => [
      one.name,
      one.operations,
      one.failures,
      one.firstEventP50,
      one.firstEventP95,
      one.p50,
      one.p95,
      one.p99,
    ]),
    "No operation yet.",
  );
};

const show = ({ state, run, elapsedS, runTimeS, silence, figures, runs }: View): void => {
  const time = `${secondsText(elapsedS)}${runTimeS === null ? "" : ` of ${secondsText(runTimeS)}`}`;
  say("state", state === "none" ? "no run yet" : `${run}: ${state}, ${time}`);
  say("silence", silence ?? "", "strained");
  byId("no-runs").hidden = runs.length > 0;
  byId("run-going-on").hidden = runs.length === 0 || state !== "running";
  put("runs", runs.map(runItem));
  if (figures !== null) showFigures(figures);
};

const look = async (): Promise<void> => {
  try {
    const answer = await fetch("live.json", { credentials: "same-origin", cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    show((await answer.json()) as View);
  } catch {
    // Locust was ended, or its login has run out.
    say("state", "Locust does not answer: log in again, or start it; this page goes on by itself");
  }
};

const tick = async (): Promise<void> => {
  if (!document.hidden) await look();
  setTimeout(() => void tick(), EVERY_MS);
};

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void look();
});
void tick();
