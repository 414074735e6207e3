import { expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import type { RunEvent } from "../../../azure/run/run-event.ts";
import { runLine } from "../../../cli/azure/run-lines.ts";
import { RunScreen } from "../../../cli/azure/run-screen.ts";

const CLEAR = "\r\u001b[2K";
const NOTHING = { users: null, requestsPerSecond: null, errorPercent: null, p95Ms: null };

const screen = (isTerminal: boolean) => {
  const written: string[] = [];
  const clock = { ms: 0 };
  const paper = {
    write: (text: string) => void written.push(text),
    isTerminal,
    columns: () => 70,
    nowMs: () => clock.ms,
    clean: (text: string) => text.replaceAll("canary", "[redacted]"),
  };
  return { screen: new RunScreen(paper), clock, written, text: () => written.join("") };
};

const progress = (elapsedMs: number): RunEvent => ({
  what: "progress",
  state: "EXECUTING",
  elapsedMs,
  figures: { users: 17, requestsPerSecond: 2.94, errorPercent: 0.42, p95Ms: 812 },
});

test("figures are one line, and what is not known is a dash", () => {
  expect(runLine(progress(65_000))?.text).toBe("   1:05  EXECUTING  17 users  2.9/s  0.4% errors  p95 812 ms");
  const unknown = { what: "progress", state: "EXECUTING", elapsedMs: 3_725_000, figures: NOTHING } as const;
  expect(runLine(unknown)?.text).toBe("1:02:05  EXECUTING  - users  -/s  - errors  p95 -");
});

test("on a terminal one line is overwritten, and lines that stay stand above it", () => {
  const { screen: shown, written } = screen(true);
  shown.tell(progress(1_000));
  shown.tell(progress(2_000));
  shown.tell({ what: "state", state: "EXECUTED", elapsedMs: 3_000 });
  shown.close();
  expect(written).toEqual([
    `${CLEAR}   0:01  EXECUTING  17 users  2.9/s  0.4% errors  p95 812 ms`,
    `${CLEAR}   0:02  EXECUTING  17 users  2.9/s  0.4% errors  p95 812 ms`,
    CLEAR,
    "   0:03  EXECUTED\n",
  ]);
});

test("elsewhere there is a line for each change, and one every 30 s", () => {
  const { screen: shown, clock, text } = screen(false);
  shown.tell({ what: "state", state: "EXECUTING", elapsedMs: 0 });
  for (clock.ms = 0; clock.ms <= 60_000; clock.ms += 5_000) shown.tell(progress(clock.ms));
  expect(text().match(/EXECUTING {2}17 users/g)).toHaveLength(2);
  expect(text()).not.toContain("\r");
});

test("while somebody is asked, nothing moves", () => {
  const { screen: shown, written } = screen(true);
  shown.hold(true);
  shown.tell(progress(1_000));
  expect(written).toEqual([]);
  shown.say("what is said comes below the question");
  expect(written).toEqual(["\n", "what is said comes below the question\n"]);
  shown.hold(false);
  shown.tell(progress(2_000));
  expect(written).toHaveLength(3);
});

test("files are summed up before the next line", () => {
  const { screen: shown, text } = screen(false);
  shown.tell({ what: "file-kept", name: "a" });
  shown.tell({ what: "uploaded", name: "b", bytes: 2_000_000 });
  shown.tell({ what: "uploaded", name: "c", bytes: 500_000 });
  shown.tell({ what: "validated" });
  expect(text()).toBe(
    "sent 2 files (2.5 MB)\n1 file not sent: unchanged since the last upload\nAzure has taken the files\n",
  );
});

test("a lost connection is said with its reason", () => {
  const error = new AzureError("AZURE_UNREACHABLE", { why: "ECONNRESET" });
  expect(runLine({ what: "retry", error, pauseMs: 4_000 })?.text).toBe(
    "Azure could not be reached (ECONNRESET); trying again in 4.0 s",
  );
});

test("of a long outage its beginning and its end are said, and every 30 s that it lasts", () => {
  const { screen: shown, clock, text } = screen(false);
  const error = new AzureError("AZURE_UNREACHABLE");
  for (clock.ms = 0; clock.ms < 90_000; clock.ms += 2_000) shown.tell({ what: "retry", error, pauseMs: 2_000 });
  shown.tell({ what: "reconnected" });
  const lines = text().trimEnd().split("\n");
  expect(lines).toHaveLength(4);
  expect(lines.at(-1)).toBe("Azure answers again");
});

test("what Azure says can neither paint the terminal nor show a secret", () => {
  const { screen: shown, text } = screen(false);
  shown.tell({ what: "state", state: "\u001b[31mODD\u0007", elapsedMs: 0 });
  shown.tell({ what: "note", text: "sig=canary" });
  expect(text()).toBe("   0:00  ODD \nsig=[redacted]\n");
});

test("another kind of error in the same outage is said, too", () => {
  const { screen: shown, text } = screen(false);
  const lost = new AzureError("AZURE_UNREACHABLE");
  const refused = new AzureError("AZURE_FORBIDDEN");
  for (const error of [lost, lost, refused, lost, refused]) shown.tell({ what: "retry", error, pauseMs: 2_000 });
  expect(
    text()
      .split("\n")
      .filter((line) => line.includes("trying again")),
  ).toHaveLength(2);
  expect(text()).toContain(refused.message);
});
