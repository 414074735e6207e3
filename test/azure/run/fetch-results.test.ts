import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import type { RemoteRun } from "../../../azure/plane/data-plane.ts";
import { awaitResults } from "../../../azure/run/await-results.ts";
import { type Downloads, fetchResults } from "../../../azure/run/fetch-results.ts";
import { temporaryProject } from "../../config/temporary-project.ts";
import { inTurn, link, NO_ARTIFACTS, remoteRun, scripted, unreachable } from "./scripted-plane.ts";

const DONE = remoteRun("DONE");
const WITH_FILES = remoteRun("DONE", { virtualUsers: 17, artifacts: { ...NO_ARTIFACTS, results: link("r.zip") } });

describe("awaitResults", () => {
  test("waits until files and statistics are there", async () => {
    const late = remoteRun("DONE", { artifacts: WITH_FILES.artifacts });
    const { context, clock } = scripted({ run: inTurn(DONE, late, WITH_FILES) });
    expect(await awaitResults(context, DONE)).toEqual(WITH_FILES);
    expect(clock.ms).toBe(30_000);
  });

  test("goes on with the files when the statistics never come", async () => {
    const { context } = scripted({ run: inTurn({ ...WITH_FILES, virtualUsers: null }) });
    expect(await awaitResults(context, DONE)).toMatchObject({ artifacts: WITH_FILES.artifacts });
  });

  test("gives a run that is DONE five minutes", async () => {
    const { context, clock } = scripted({ run: inTurn(DONE) });
    await expect(awaitResults(context, DONE)).rejects.toMatchObject({ code: "AZURE_NO_RESULTS" });
    expect(clock.ms).toBe(300_000);
  });

  test("does not wait long for what a stopped run may never have", async () => {
    const { context, clock } = scripted({ run: inTurn(remoteRun("CANCELLED")) });
    expect(await awaitResults(context, remoteRun("CANCELLED"))).toEqual(remoteRun("CANCELLED"));
    expect(clock.ms).toBe(30_000);
  });

  test("a run that is deleted meanwhile ends it", async () => {
    const { context } = scripted({ run: inTurn<RemoteRun | null>(null) });
    await expect(awaitResults(context, DONE)).rejects.toMatchObject({ code: "AZURE_NOT_FOUND" });
  });
});

/** Writes the link's file, or throws what is scripted for that try. */
const downloads = (...failures: readonly (Error | null)[]): Downloads & { readonly urls: string[] } => {
  const urls: string[] = [];
  const get = async (url: string, path: string): Promise<void> => {
    const failure = failures[urls.length] ?? null;
    urls.push(url);
    if (failure !== null) throw failure;
    writeFileSync(path, "zip");
  };
  return { urls, file: get, container: get };
};

const expired = () => new AzureError("AZURE_LINK_EXPIRED");

describe("fetchResults", () => {
  test("an expired link is asked for anew", async () => {
    const newer = { ...WITH_FILES, artifacts: { ...NO_ARTIFACTS, results: link("second.zip") } };
    const { context, events } = scripted({ run: inTurn(newer) });
    const folder = temporaryProject({});
    const got = downloads(expired());
    await fetchResults({ ...context, downloads: got }, WITH_FILES, folder);
    expect(got.urls.map((url) => new URL(url).pathname)).toEqual(["/r.zip", "/second.zip"]);
    expect(existsSync(join(folder, "azure", "results.zip"))).toBe(true);
    expect(events).toContainEqual({ what: "link-expired", name: "results.zip" });
    expect(JSON.stringify(events)).not.toContain("canary");
  });

  test("a link that is always expired ends after a few", async () => {
    const { context } = scripted({ run: inTurn(WITH_FILES) });
    const got = downloads(...Array.from({ length: 9 }, expired));
    await expect(fetchResults({ ...context, downloads: got }, WITH_FILES, temporaryProject({}))).rejects.toMatchObject({
      code: "AZURE_LINK_EXPIRED",
    });
    expect(got.urls).toHaveLength(4);
  });

  test("a lost connection is tried again", async () => {
    const { context, events } = scripted({ run: inTurn(WITH_FILES) });
    await fetchResults({ ...context, downloads: downloads(unreachable()) }, WITH_FILES, temporaryProject({}));
    expect(events.map(({ what }) => what)).toEqual(["retry", "downloaded"]);
  });

  test("logs that cannot be had are a note: the results are there", async () => {
    const run = { ...WITH_FILES, artifacts: { ...WITH_FILES.artifacts, logs: link("logs.zip") } };
    const { context, events } = scripted({});
    const broken = downloads(null, new AzureError("AZURE_REFUSED", { why: "HTTP 403" }));
    await fetchResults({ ...context, downloads: broken }, run, temporaryProject({}));
    expect(events.at(-1)).toEqual({
      what: "note",
      text: "logs.zip could not be downloaded: Azure refused the request (HTTP 403)",
    });
  });

  test("a run that has only a container is fetched from there", async () => {
    const container = { url: "https://store.example/c?sig=canary", expireDateTime: null };
    const run = remoteRun("DONE", { artifacts: { ...NO_ARTIFACTS, container } });
    const { context } = scripted({});
    const got = downloads();
    const folder = temporaryProject({});
    await fetchResults({ ...context, downloads: got }, run, folder);
    expect(got.urls).toEqual([container.url]);
    expect(existsSync(join(folder, "azure", "container"))).toBe(true);
  });

  test("what is there already is not fetched again", async () => {
    const got = downloads();
    const folder = temporaryProject({ "azure/results.zip": "whole" });
    await fetchResults({ ...scripted({}).context, downloads: got }, WITH_FILES, folder);
    expect(got.urls).toEqual([]);
  });
});
