import { expect, test } from "vitest";
import { appComponentsBody, serverMetricsBody } from "../../../azure/definition/component-bodies.ts";
import { APP, CONFIGURATIONS, DATABASE } from "./configurations.ts";
import { define } from "./project.ts";

const configured = () => define(CONFIGURATIONS["app components"] ?? {});
const metricOf = (resourceId: string, name: string, aggregation = "Average") => ({
  resourceId,
  metricNamespace: "Microsoft.Web/sites",
  name,
  aggregation,
  resourceType: "Microsoft.Web/sites",
});

test("a component has its name, its type with that of what it is part of, and its kind", () => {
  expect(appComponentsBody(configured(), null)).toEqual({
    components: {
      [APP]: { resourceName: "on", resourceType: "Microsoft.Web/sites", kind: "functionapp" },
      [DATABASE]: { resourceName: "two", resourceType: "Microsoft.Sql/servers/databases" },
    },
  });
});

test("a component that is gone is removed, one that Azure spells differently is the same", () => {
  const remote = {
    components: {
      [APP.toLowerCase()]: { resourceName: "old", resourceType: "x" },
      "/gone": { resourceName: "g", resourceType: "x" },
    },
  };
  const { components } = appComponentsBody(configured(), remote);
  expect(Object.keys(components).sort()).toEqual([APP.toLowerCase(), DATABASE, "/gone"].sort());
  expect(components["/gone"]).toBeNull();
  expect(components[APP.toLowerCase()]).toMatchObject({ resourceName: "on" });
});

test("a metric with two aggregations is one entry, as the GitHub Action writes it", () => {
  const { metrics } = serverMetricsBody(configured(), null);
  const id = `${APP}/Microsoft.Web/sites/CpuPercentage`.toLowerCase();
  expect(metrics[id]).toMatchObject({ name: "CpuPercentage", aggregation: "Average,Maximum", resourceId: APP });
  expect(Object.keys(metrics)).toHaveLength(2);
});

test("metrics that are gone are removed; a component that names none keeps what Azure chose for it", () => {
  const remote = {
    metrics: {
      mine: metricOf(APP.toLowerCase(), "CpuPercentage"),
      old: metricOf(APP, "Gone"),
      "of-a-component-that-is-gone": metricOf("/subscriptions/gone", "CpuPercentage"),
      chosen: metricOf(DATABASE.toUpperCase(), "dtu_used"),
    },
  };
  const { metrics } = serverMetricsBody(configured(), remote);
  expect(metrics.mine).toMatchObject({ aggregation: "Average,Maximum" });
  expect(metrics.old).toBeNull();
  expect(metrics["of-a-component-that-is-gone"]).toBeNull();
  expect(metrics).not.toHaveProperty("chosen");
});
