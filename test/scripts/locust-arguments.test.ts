import { describe, expect, test } from "vitest";
import { locustArguments } from "../../scripts/locust-arguments.mjs";

describe("the arguments of Locust", () => {
  test("without any from the user are a short headless run of multi.py", () => {
    const { wantsWeb, webUrl, arguments: all } = locustArguments([]);
    expect(all).toEqual(expect.arrayContaining(["--headless", "multi.py", "--users", "17", "--run-time", "30s"]));
    expect({ wantsWeb, webUrl }).toEqual({ wantsWeb: false, webUrl: null });
  });

  test("end with the user's own, which Locust then takes", () => {
    expect(locustArguments(["-u", "50", "-t", "2m"]).arguments.slice(-4)).toEqual(["-u", "50", "-t", "2m"]);
  });

  test("never make failed calls a failed run by themselves", () => {
    for (const given of [[], ["--web"]]) {
      expect(locustArguments(given).arguments.join(" ")).toContain("--exit-code-on-error 0");
    }
  });

  test("for the web UI have no run of their own, and keep our --web from Locust", () => {
    const { arguments: all, webUrl } = locustArguments(["--web"]);
    for (const absent of ["--web", "--headless", "--run-time", "--users"]) expect(all).not.toContain(absent);
    expect(webUrl).toBe("http://127.0.0.1:8089");
  });

  test.each([
    [["--web-port", "9000"], "http://127.0.0.1:9000"],
    [["--web-port=9000"], "http://127.0.0.1:9000"],
    [["-P", "9000"], "http://127.0.0.1:9000"],
    [["--web-host", "0.0.0.0"], "http://0.0.0.0:8089"],
    [["--autostart"], "http://127.0.0.1:8089"],
  ])("take %j for a wish for the web UI", (given, url) => {
    expect(locustArguments(given)).toMatchObject({ wantsWeb: true, webUrl: url });
  });
});
