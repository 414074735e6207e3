import { expect, test } from "vitest";
import { AuthError } from "../../auth/auth-error.ts";
import { type AuthFact, AuthReports } from "../../bridge/auth-reports.ts";
import type { FailureSample, Sample } from "../../record/sample.ts";

const made = () => {
  const samples: Sample[] = [];
  const failures: FailureSample[] = [];
  const facts: AuthFact[] = [];
  const notes: string[] = [];
  const reports = new AuthReports({
    server: "learn",
    recorder: () => ({
      operation: (sample) => samples.push(sample),
      failure: (sample) => failures.push(sample),
    }),
    redact: (text) => text.replace("s3cret", "[redacted]"),
    tell: (fact) => facts.push(fact),
    note: (text) => notes.push(text),
  });
  return { reports, samples, failures, facts, notes };
};

test("a token that somebody waited for, and a renewal, are samples and facts of their own names", () => {
  const { reports, samples, facts, failures } = made();
  reports.hear({ what: "token", tookMs: 12.34567, failure: null });
  reports.hear({ what: "renewal", tookMs: 3, failure: null });
  expect(samples).toMatchObject([
    { name: "learn:auth/token", outcome: "ok", serviceMs: 12.34567, responseMs: 12.34567 },
    { name: "learn:auth/renewal", outcome: "ok", serviceMs: 3, responseMs: 3 },
  ]);
  expect(facts).toEqual([
    { name: "learn:auth/token", ok: true, ms: 12.346 },
    { name: "learn:auth/renewal", ok: true, ms: 3 },
  ]);
  expect(failures).toEqual([]);
});

test("a failed renewal keeps its sentence for the record, and Python gets the fixed text", () => {
  const { reports, samples, facts, failures } = made();
  const failure = new AuthError("AUTH_REFUSED", { place: "https://login.test/s3cret", status: 400 });
  reports.hear({ what: "renewal", tookMs: 5, failure });
  expect(samples).toMatchObject([{ name: "learn:auth/renewal", outcome: "auth" }]);
  expect(failures).toEqual([
    {
      name: "learn:auth/renewal",
      outcome: "auth",
      detail: "the issuer of tokens refused: https://login.test/[redacted]",
    },
  ]);
  expect(facts).toEqual([
    { name: "learn:auth/renewal", ok: false, ms: 5, reason: "auth", text: "no credential could be had" },
  ]);
});

test("a refused credential counts under auth/401, repaired or not", () => {
  const { reports, samples, facts } = made();
  reports.repaired({ outcome: "ok", tookMs: 20 });
  reports.repaired({ outcome: "http-401", tookMs: 1 });
  expect(samples.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["learn:auth/401", "ok"],
    ["learn:auth/401", "http-401"],
  ]);
  expect(facts.map(({ ok }) => ok)).toEqual([true, false]);
});

test("between two runs nothing is counted, neither here nor by Python", () => {
  const facts: AuthFact[] = [];
  const reports = new AuthReports({
    server: "learn",
    recorder: () => null,
    redact: (text) => text,
    tell: (fact) => facts.push(fact),
    note: () => undefined,
  });
  reports.hear({ what: "renewal", tookMs: 3, failure: null });
  expect(facts).toEqual([]);
});

test("a token that the end of the run cut off is a sample that is held against nobody", () => {
  const { reports, samples, facts, failures } = made();
  reports.cutOff(4_000);
  expect(samples).toMatchObject([{ name: "learn:auth/token", outcome: "cancelled", serviceMs: 4_000 }]);
  expect(facts).toMatchObject([{ name: "learn:auth/token", ok: false, reason: "cancelled" }]);
  expect(failures).toEqual([]);
});

test("a note is said once, however often it comes", () => {
  const { reports, notes } = made();
  for (let n = 0; n < 100; n++) reports.hear({ what: "note", text: "the old token still serves" });
  expect(notes).toEqual(["the old token still serves"]);
});

test("a source that makes up new notes is not listened to for ever", () => {
  const { reports, notes } = made();
  for (let n = 0; n < 1_000; n++) reports.hear({ what: "note", text: `note ${n}` });
  expect(notes.length).toBeLessThan(100);
});
