import { expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import type { MetricQuery, MetricSeries } from "../../../azure/plane/data-plane.ts";
import { liveFigures } from "../../../azure/run/live-figures.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const [EARLIER, LATEST] = ["2026-11-21T11:59:50Z", "2026-11-21T11:59:55Z"];

const series = (...values: readonly number[]): MetricSeries => ({
  dimensions: {},
  points: values.map((value, index) => ({ at: [EARLIER, LATEST][index] as string, value })),
});

const figures = (answers: Readonly<Record<string, readonly MetricSeries[]>>) => {
  const metrics = async (_run: string, { name }: MetricQuery) => {
    const answer = answers[name];
    if (answer === undefined) throw new AzureError("AZURE_NOT_FOUND", { status: 404 });
    return answer;
  };
  return liveFigures({ metrics }, "r1", NOW);
};

test("the newest five seconds are told", async () => {
  expect(
    await figures({
      VirtualUsers: [series(3, 17)],
      TotalRequests: [series(10, 40)],
      Errors: [series(9, 1)],
      ResponseTime: [series(100, 812)],
    }),
  ).toEqual({ users: 17, requestsPerSecond: 8, errorPercent: 2.5, p95Ms: 812 });
});

test("of several series counts add up, and the worst percentile is told", async () => {
  const all = await figures({
    VirtualUsers: [series(1, 8), series(1, 9)],
    TotalRequests: [series(1, 20), series(1, 20)],
    ResponseTime: [series(1, 300), series(1, 500)],
  });
  expect(all).toEqual({ users: 17, requestsPerSecond: 8, errorPercent: null, p95Ms: 500 });
});

test("errors that are not counted for these seconds are none", async () => {
  for (const Errors of [[series(9)], []]) {
    expect(await figures({ TotalRequests: [series(10, 40)], Errors })).toMatchObject({ errorPercent: 0 });
  }
});

test("what is missing is not known, and no error", async () => {
  const nothing = { users: null, requestsPerSecond: null, errorPercent: null, p95Ms: null };
  expect(await figures({})).toEqual(nothing);
  expect(await figures({ VirtualUsers: [], TotalRequests: [series()], Errors: [], ResponseTime: [] })).toEqual(nothing);
});
