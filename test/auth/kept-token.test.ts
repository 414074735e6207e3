import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AuthError } from "../../auth/auth-error.ts";
import { FetchGate } from "../../auth/fetch-gate.ts";
import { KeptToken } from "../../auth/kept-token.ts";
import type { AuthEvent } from "../../auth/world.ts";
import { FakeIssuer, unreachable } from "./fake-issuer.ts";
import { FakeWorld } from "./fake-world.ts";

const SECOND = 1000;

const kept = ({ world = new FakeWorld(), phase = 0 } = {}) => {
  const issuer = new FakeIssuer(world);
  const events: AuthEvent[] = [];
  const learned: string[] = [];
  const token = new KeptToken({
    source: issuer,
    surroundings: {
      ...world,
      report: (event) => events.push(event),
      learn: (secret) => learned.push(secret),
    },
    gate: new FetchGate(32, world.after),
    phase,
    name: "the token",
  });
  return {
    world,
    issuer,
    token,
    learned,
    count: (what: AuthEvent["what"], failed = false) =>
      events.filter((event) => event.what === what && (event.what === "note" || (event.failure !== null) === failed))
        .length,
    notes: () => events.flatMap((event) => (event.what === "note" ? [event.text] : [])),
    tookMs: (what: "token" | "renewal") => events.flatMap((event) => (event.what === what ? [event.tookMs] : [])),
  };
};

type Kept = ReturnType<typeof kept>;

/** One call a second, as long as said. @returns how many waited, and what each got: a header, or an error's code */
const callEachSecond = async ({ world, token }: Kept, seconds: number) => {
  const got: string[] = [];
  let waited = 0;
  for (let second = 0; second < seconds; second++) {
    try {
      const answer = token.authorization();
      if (answer instanceof Promise) {
        waited += 1;
        answer.then(
          (header) => got.push(String(header)),
          (error: AuthError) => got.push(error.code),
        );
      } else got.push(String(answer));
    } catch (error) {
      got.push((error as AuthError).code);
    }
    await world.advance(SECOND);
  }
  return { waited, got, failed: got.filter((answer) => answer.startsWith("AUTH_")) };
};

describe("five minutes with tokens that live 20 seconds", () => {
  // 60 % of 20 s: a renewal each 12 s after the first fetch at 0, the last within 300 s at 288: 300 / 12 - 1 = 24.
  const RENEWALS = Array.from({ length: 24 }, (_, index) => (index + 1) * 12 * SECOND);

  test.each([
    ["right", 0],
    ["ten minutes behind", -600_000],
    ["ten minutes ahead", 600_000],
  ])("renew 24 times and let no call wait after the first, the clock being %s", async (_name, wallAheadMs) => {
    const run = kept({ world: new FakeWorld({}, wallAheadMs) });
    const { waited, failed } = await callEachSecond(run, 300);
    expect(run.issuer.askedAtMs).toEqual([0, ...RENEWALS, 300 * SECOND]);
    expect({ waited, failed }).toEqual({ waited: 1, failed: [] });
    expect(run.count("token")).toBe(1);
  });

  test("do not mind a clock that jumps while they go on", async () => {
    const run = kept();
    await callEachSecond(run, 100);
    run.world.jumpWallClock(600_000);
    await callEachSecond(run, 100);
    run.world.jumpWallClock(-1_200_000);
    await callEachSecond(run, 99);
    expect(run.issuer.askedAtMs).toEqual([0, ...RENEWALS]);
  });

  test("let no call wait when the issuer takes 5 seconds: the lead is 8", async () => {
    const run = kept();
    run.issuer.answersAfterMs = 5 * SECOND;
    const { waited, failed } = await callEachSecond(run, 299);
    // The first five calls share the first fetch.
    expect({ waited, failed }).toEqual({ waited: 5, failed: [] });
    expect(run.issuer.askedAtMs).toEqual([0, ...RENEWALS]);
    // The last has not answered by then.
    expect(run.tookMs("renewal")).toEqual(Array(24).fill(5 * SECOND));
  });

  test("get through an issuer that is down for 15 seconds just after a renewal", async () => {
    const run = kept();
    await callEachSecond(run, 13);
    run.issuer.fault = unreachable();
    const down = await callEachSecond(run, 15);
    run.issuer.fault = null;
    const up = await callEachSecond(run, 271);
    // Due at 24 s: the tries are 1, then 1.75 and 1.3125 s apart (a quarter of what is left of the token that ends at
    // 32 s), and the one at 28.0625 s brings the next. From there each 12 s: (299 - 28.0625) / 12 = 22 more.
    expect(run.issuer.askedAtMs.slice(0, 6)).toEqual([0, 12_000, 24_000, 25_000, 26_750, 28_062.5]);
    expect(down.failed.length + up.failed.length + down.waited + up.waited).toBe(0);
    expect(run.count("renewal", true)).toBe(3);
    expect(run.count("renewal")).toBe(1 + 1 + 22);
    expect(run.notes()).toEqual([
      "the token could not be renewed: the issuer of tokens could not be reached: https://issuer.test/token; the old token serves for another 8 s",
      "the token could be renewed again, after 4 s",
    ]);
  });

  test("get through an issuer that accepts and never answers, once", async () => {
    const run = kept();
    run.issuer.livesMs = 60 * SECOND;
    await callEachSecond(run, 30);
    run.issuer.fault = "hang";
    const hung = await callEachSecond(run, 10);
    run.issuer.fault = null;
    const after = await callEachSecond(run, 60);
    // Due at 36 s, given up at 46 s, again a second later.
    expect(run.issuer.askedAtMs.slice(0, 3)).toEqual([0, 36 * SECOND, 47 * SECOND]);
    expect(hung.failed.length + after.failed.length + hung.waited + after.waited).toBe(0);
    expect(run.notes()[0]).toContain("no answer within 10 s");
  });
});

describe("a renewal that hangs", () => {
  test("of a token of 20 s is given up after 6 of its last 8 s, and the next brings one in time", async () => {
    const run = kept();
    await callEachSecond(run, 5);
    run.issuer.fault = "hang";
    const hung = await callEachSecond(run, 13);
    run.issuer.fault = null;
    const after = await callEachSecond(run, 12);
    // Due at 12 s, given up at 18 s, 2 s before the end; a quarter of those later is the next.
    expect(run.issuer.askedAtMs.slice(0, 3)).toEqual([0, 12 * SECOND, 18.5 * SECOND]);
    expect(hung.failed.length + after.failed.length + hung.waited + after.waited).toBe(0);
    expect(run.notes()[0]).toContain("no answer within 6 s");
  });

  test("beyond the old token's end is told as what it is, once, and so is its recovery", async () => {
    const run = kept();
    await callEachSecond(run, 5);
    run.issuer.fault = "hang";
    // The second try hangs from 18.5 to 24.5 s; the token ends at 20 s.
    await callEachSecond(run, 25);
    run.issuer.fault = null;
    await callEachSecond(run, 15);
    expect(run.notes().map((note) => note.split(":")[0])).toEqual([
      "the token could not be renewed",
      "the token has expired and could not be renewed",
      expect.stringMatching("the token could be renewed again"),
    ]);
  });

  test("from before the token's end to after it is told, though nothing had failed before", async () => {
    const run = kept();
    run.issuer.livesMs = 10 * SECOND;
    await callEachSecond(run, 5);
    run.issuer.fault = "hang";
    // Due at 6 s, with 4 s left: it may take 6 s, to 12 s.
    await callEachSecond(run, 8);
    expect(run.notes()).toEqual([
      "the token has expired and could not be renewed: the issuer of tokens could not be reached (no answer within 6 s)",
    ]);
    run.issuer.fault = null;
    await callEachSecond(run, 5);
    expect(run.notes()[1]).toMatch(/^the token could be renewed again, after \d s$/);
  });
});

test.each([1, 20, 900])(
  "a token that lives %s ms is asked for once a second, and that is told once",
  async (livesMs) => {
    const run = kept();
    run.issuer.livesMs = livesMs;
    for (let call = 0; call < 1000; call++) {
      try {
        await Promise.race([run.token.authorization(), run.world.advance(10)]);
      } catch (error) {
        if (!(error instanceof AuthError)) throw error;
      }
      await run.world.advance(10);
    }
    const elapsedS = run.world.monotonicMs() / SECOND;
    expect(run.issuer.askedAtMs.length).toBeLessThanOrEqual(elapsedS + 1);
    expect(run.issuer.askedAtMs.length).toBeGreaterThan(elapsedS / 2);
    expect(run.notes()).toEqual([
      "the token lives less than a second: another is asked for once a second, and calls wait for it",
    ]);
  },
);

describe("many who ask at once", () => {
  test("10,000 get the very same promise, and there is one fetch", async () => {
    const { world, issuer, token } = kept();
    issuer.answersAfterMs = 100;
    const answers = Array.from({ length: 10_000 }, () => token.authorization());
    expect(new Set(answers).size).toBe(1);
    await world.advance(100);
    expect(await answers[0]).toBe("Bearer token-1");
    expect(issuer.askedAtMs).toEqual([0]);
  });

  test("a failure reaches all of them, and those who come within the pause get it at once", async () => {
    const { world, issuer, token } = kept();
    issuer.fault = unreachable();
    const answers = Array.from({ length: 100 }, () => token.authorization());
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: "AUTH_UNREACHABLE" });
    for (let call = 0; call < 1000; call++) expect(() => token.authorization()).toThrow(AuthError);
    expect(issuer.askedAtMs).toEqual([0]);
    await world.advance(SECOND);
    issuer.fault = null;
    expect(await token.authorization()).toBe("Bearer token-2");
  });

  test("a dead issuer is asked after 1, 2, 4 ... 30 s, however many call", async () => {
    const run = kept();
    run.issuer.fault = unreachable();
    await callEachSecond(run, 120);
    expect(run.issuer.askedAtMs).toEqual([0, 1, 3, 7, 15, 31, 61, 91].map((second) => second * SECOND));
  });

  test("an issuer that asks for quiet gets it", async () => {
    const run = kept();
    run.issuer.fault = unreachable(20 * SECOND);
    await callEachSecond(run, 50);
    expect(run.issuer.askedAtMs).toEqual([0, 20 * SECOND, 40 * SECOND]);
  });
});

describe("a token that could not be renewed", () => {
  test("serves until it has really ended, then calls fail with the reason, until the issuer is back", async () => {
    const run = kept();
    await callEachSecond(run, 5);
    run.issuer.fault = unreachable();
    const lasting = await callEachSecond(run, 15);
    expect(lasting.failed).toEqual([]);
    const ended = await callEachSecond(run, 10);
    expect(new Set(ended.got)).toEqual(new Set(["AUTH_UNREACHABLE"]));
    run.issuer.fault = null;
    const back = await callEachSecond(run, 60);
    expect(back.got.at(-1)).toMatch(/^Bearer token-/);
    expect(run.notes().map((note) => note.split(":")[0])).toEqual([
      "the token could not be renewed",
      "the token has expired and could not be renewed",
      expect.stringMatching("the token could be renewed again"),
    ]);
  });

  test("is not renewed against the issuer's Retry-After, but once more before its end", async () => {
    const run = kept();
    await callEachSecond(run, 5);
    run.issuer.fault = unreachable(3600 * SECOND);
    await callEachSecond(run, 14);
    // 12 s: failed, 8 s left, so the next is 6 s later.
    expect(run.issuer.askedAtMs).toEqual([0, 12 * SECOND, 18 * SECOND]);
  });

  test("that came too late or already expired is a failure of its own", async () => {
    const late = kept();
    late.issuer.livesMs = 2 * SECOND;
    late.issuer.answersAfterMs = 3 * SECOND;
    const answer = late.token.authorization();
    const lateCheck = expect(answer).rejects.toMatchObject({ code: "AUTH_EXPIRED" });
    await late.world.advance(3 * SECOND);
    await lateCheck;
    for (const livesMs of [0, -600_000, Number.NaN]) {
      const expired = kept();
      expired.issuer.livesMs = livesMs;
      await expect(expired.token.authorization()).rejects.toMatchObject({ code: "AUTH_EXPIRED" });
    }
  });

  test("after its end, those who ask while its renewal is under way wait for that one", async () => {
    const run = kept();
    run.issuer.livesMs = 10 * SECOND;
    await callEachSecond(run, 5);
    run.issuer.answersAfterMs = 5 * SECOND;
    const { waited, failed } = await callEachSecond(run, 8);
    // Asked at 6 s, answered at 11 s; the old one ended at 10 s.
    expect({ waited, failed }).toEqual({ waited: 1, failed: [] });
    expect(run.issuer.askedAtMs).toEqual([0, 6 * SECOND, 12 * SECOND]);
    expect(run.count("token")).toBe(2);
  });
});

describe("an answer that comes after its limit", () => {
  const abandoned = async () => {
    const run = kept();
    run.issuer.livesMs = 60 * SECOND;
    run.issuer.answersAfterMs = 12 * SECOND;
    const failed = expect(run.token.authorization()).rejects.toMatchObject({ code: "AUTH_UNREACHABLE" });
    await run.world.advance(10 * SECOND);
    await failed;
    return run;
  };

  test("is taken when there is nothing newer, its life counted from when it was asked for", async () => {
    const run = await abandoned();
    await run.world.advance(2 * SECOND);
    expect(run.token.authorization()).toBe("Bearer token-1");
    await run.world.advance(24 * SECOND);
    expect(run.issuer.askedAtMs).toEqual([0, 36 * SECOND]);
  });

  test("does not replace a newer one, and does not end the newer fetch", async () => {
    const run = await abandoned();
    run.issuer.answersAfterMs = 500;
    await run.world.advance(SECOND);
    const newer = run.token.authorization();
    await run.world.advance(500);
    expect(await newer).toBe("Bearer token-2");
    await run.world.advance(5 * SECOND);
    expect(run.token.authorization()).toBe("Bearer token-2");
    expect(run.issuer.askedAtMs).toEqual([0, 11 * SECOND]);
  });

  test("is dropped when it is what a server has refused", async () => {
    const run = kept();
    run.issuer.value = () => "same";
    run.issuer.livesMs = 5 * SECOND;
    await run.token.authorization();
    run.issuer.livesMs = 100 * SECOND;
    run.issuer.answersAfterMs = 12 * SECOND;
    const repaired = run.token.rejected("Bearer same", null);
    await run.world.advance(12 * SECOND);
    expect(await repaired).toBe(false);
    expect(run.token.authorization()).toBeInstanceOf(Promise);
  });
});

describe("a refusal", () => {
  test("of the current token by 1,000 users at once is one fetch, which knows what was refused and why", async () => {
    const { world, issuer, token, count } = kept();
    await token.authorization();
    issuer.answersAfterMs = 50;
    const repaired = Array.from({ length: 1000 }, () =>
      token.rejected("Bearer token-1", 'Bearer error="invalid_token"'),
    );
    await world.advance(50);
    expect(new Set(await Promise.all(repaired))).toEqual(new Set([true]));
    expect(token.rejected("Bearer token-1", null)).toBe(true);
    expect(issuer.refusals).toEqual([null, { token: "token-1", challenge: 'Bearer error="invalid_token"' }]);
    expect(token.authorization()).toBe("Bearer token-2");
    expect(count("token")).toBe(2);
  });

  test("is not repaired by the same token, or by a failure; the token stays", async () => {
    const same = kept();
    same.issuer.value = () => "same";
    await same.token.authorization();
    expect(await same.token.rejected("Bearer same", null)).toBe(false);
    expect(same.token.authorization()).toBe("Bearer same");

    const failing = kept();
    await failing.token.authorization();
    failing.issuer.fault = unreachable();
    expect(await failing.token.rejected("Bearer token-1", null)).toBe(false);
    expect(failing.token.authorization()).toBe("Bearer token-1");
    await callEachSecond(failing, 11);
    expect(failing.issuer.askedAtMs).toEqual([0, 0]);
  });

  test("of every token is looked into at 0, 5, 15, 35, 75, 135, 195 s and not for each call", async () => {
    const { world, issuer, token } = kept();
    issuer.livesMs = null;
    await token.authorization();
    for (let call = 0; call < 2500; call++) {
      await token.rejected(await token.authorization(), null);
      await world.advance(100);
    }
    expect(issuer.askedAtMs.slice(1)).toEqual([0, 5, 15, 35, 75, 135, 195].map((second) => second * SECOND));
  });

  test("of a token that served for a minute is the first again", async () => {
    const { world, issuer, token } = kept();
    issuer.livesMs = null;
    await token.authorization();
    for (let minute = 0; minute < 5; minute++) {
      expect(await token.rejected(await token.authorization(), null)).toBe(true);
      await world.advance(65 * SECOND);
    }
    expect(issuer.askedAtMs).toEqual([0, 0, 65, 130, 195, 260].map((second) => (second > 0 ? second * SECOND : 0)));
  });

  test("of tokens that serve for 8 s is repaired each time, in the very call that finds it", async () => {
    const { world, issuer, token } = kept();
    issuer.livesMs = null;
    await token.authorization();
    for (let repair = 0; repair < 50; repair++) {
      await world.advance(8 * SECOND);
      expect(await token.rejected(await token.authorization(), "Bearer")).toBe(true);
      token.accepted(await token.authorization());
    }
    expect(issuer.askedAtMs).toHaveLength(51);
  });

  test("is not got over by a token that was accepted before this one", async () => {
    const { world, token } = kept();
    await token.authorization();
    await token.rejected("Bearer token-1", null);
    token.accepted("Bearer token-1");
    await world.advance(2 * SECOND);
    expect(token.rejected("Bearer token-2", null)).toBe(false);
  });

  test("of a token that a renewal brought is looked into at once, also within the hold", async () => {
    const run = kept();
    run.issuer.livesMs = 5 * SECOND;
    await run.token.authorization();
    await run.token.rejected("Bearer token-1", null);
    expect(run.token.rejected("Bearer token-2", null)).toBe(false);
    await run.world.advance(3 * SECOND);
    expect(run.token.authorization()).toBe("Bearer token-3");
    expect(await run.token.rejected("Bearer token-3", null)).toBe(true);
  });

  test("brings no fetch while the issuer wants to be left alone", async () => {
    const run = kept();
    run.issuer.livesMs = 100 * SECOND;
    await callEachSecond(run, 59);
    run.issuer.fault = unreachable(20 * SECOND);
    await callEachSecond(run, 2);
    expect(run.token.rejected("Bearer token-1", null)).toBe(false);
    expect(run.issuer.askedAtMs).toEqual([0, 60 * SECOND]);
  });

  test("during a renewal waits for that renewal", async () => {
    const run = kept();
    await run.token.authorization();
    run.issuer.answersAfterMs = SECOND;
    await run.world.advance(12_500);
    const repaired = run.token.rejected("Bearer token-1", null);
    await run.world.advance(500);
    expect(await repaired).toBe(true);
    expect(run.issuer.askedAtMs).toEqual([0, 12 * SECOND]);
  });

  describe("that no token can satisfy", () => {
    const challenge = 'Bearer error="insufficient_scope", scope="admin"';
    const fixed = new AuthError("AUTH_SCOPE", { place: "server", why: "loadtest.yaml fixes read" });

    const refusedOnce = async (fault = fixed) => {
      const run = kept();
      await callEachSecond(run, 1);
      run.issuer.fault = fault;
      expect(await run.token.rejected("Bearer token-1", challenge)).toBe(false);
      run.issuer.fault = null;
      return run;
    };

    test("is told as that, and is no failed fetch and no failed renewal", async () => {
      const run = await refusedOnce();
      expect(run.notes()).toEqual([
        "the token was refused, and no other is asked for: the token does not reach as far as the server asks: server (loadtest.yaml fixes read)",
      ]);
      expect([run.count("token"), run.count("token", true), run.count("renewal", true)]).toEqual([1, 0, 0]);
      expect(run.token.authorization()).toBe("Bearer token-1");
    });

    test("does not keep a true 401 from being repaired, nor the renewal from its time", async () => {
      const run = await refusedOnce();
      expect(await run.token.rejected("Bearer token-1", null)).toBe(true);
      const renewing = await refusedOnce();
      await callEachSecond(renewing, 12);
      // Asked at 0, refused at 1 s, renewed when it was due.
      expect(renewing.issuer.askedAtMs).toEqual([0, 1 * SECOND, 12 * SECOND]);
      expect(renewing.notes()).toHaveLength(1);
    });

    test("counts as a fetch when the issuer had to be asked, and is held like one", async () => {
      const run = await refusedOnce(new AuthError("AUTH_SCOPE", { place: "server", why: "not given", status: 400 }));
      expect(run.count("token", true)).toBe(1);
      expect(run.token.rejected("Bearer token-1", challenge)).toBe(false);
      expect(run.issuer.askedAtMs).toHaveLength(2);
      expect(await run.token.rejected("Bearer token-1", 'Bearer error="invalid_token"')).toBe(true);
    });

    test("of a token that has ended meanwhile lets the others have a new one", async () => {
      const run = kept();
      run.issuer.livesMs = 2 * SECOND;
      await run.token.authorization();
      run.issuer.answersAfterMs = 3 * SECOND;
      run.issuer.fault = fixed;
      const refused = run.token.rejected("Bearer token-1", challenge);
      await run.world.advance(2500);
      const waiting = run.token.authorization();
      run.issuer.fault = null;
      run.issuer.answersAfterMs = 0;
      await run.world.advance(SECOND);
      expect(await refused).toBe(false);
      expect(await waiting).toBe("Bearer token-3");
    });
  });

  test("of no token at all can bring one", async () => {
    const run = kept();
    const { issuer, world } = run;
    const source = { fetch: async (refusal: unknown) => (refusal === null ? null : { value: "found", livesMs: null }) };
    const token = new KeptToken({
      source,
      surroundings: { ...world, report: () => undefined, learn: () => undefined },
      gate: new FetchGate(1, world.after),
      phase: 0,
      name: "the token",
    });
    expect(await token.authorization()).toBeNull();
    expect(await token.rejected(null, "Bearer")).toBe(true);
    expect(token.authorization()).toBe("Bearer found");
    expect(issuer.askedAtMs).toEqual([]);
  });
});

describe("a credential that nobody uses", () => {
  test("lapses: two renewals at most after ten minutes, and the next user has one again", async () => {
    const run = kept();
    run.issuer.livesMs = 100 * SECOND;
    await run.token.authorization();
    await run.world.advance(3600 * SECOND);
    // 60, 120 ... s: the renewal at 60 s saw a use, the last is within ten minutes of it.
    const last = run.issuer.askedAtMs.at(-1);
    expect(last).toBe(660 * SECOND);
    expect(await run.token.authorization()).toBe(`Bearer token-${run.issuer.askedAtMs.length}`);
    await callEachSecond(run, 119);
    expect(run.issuer.askedAtMs.filter((ms) => ms >= 3600 * SECOND)).toEqual([3600 * SECOND, 3660 * SECOND]);
  });

  test("is renewed when it is used again after its renewal has failed for ten minutes and was given up", async () => {
    const run = kept();
    run.issuer.livesMs = 100 * SECOND;
    run.issuer.isGuess = true;
    await run.token.authorization();
    run.issuer.fault = unreachable();
    await run.world.advance(3600 * SECOND);
    expect(run.issuer.askedAtMs.at(-1)).toBeLessThanOrEqual(660 * SECOND);
    run.issuer.fault = null;
    expect(run.token.authorization()).toBe("Bearer token-1");
    await run.world.advance(0);
    expect(run.issuer.askedAtMs.at(-1)).toBe(3600 * SECOND);
    expect(run.token.authorization()).toBe(`Bearer token-${run.issuer.askedAtMs.length}`);
  });

  test("is renewed in the background when it is used again before its end", async () => {
    const run = kept();
    run.issuer.livesMs = 3600 * SECOND;
    await run.token.authorization();
    await run.world.advance(3300 * SECOND);
    // Used before the first renewal at 55 min, so there is one; not since, so there is no second at 110 min.
    await run.world.advance(3350 * SECOND);
    expect(run.issuer.askedAtMs).toEqual([0, 3300 * SECOND]);
    expect(run.token.authorization()).toBe("Bearer token-2");
    await run.world.advance(0);
    expect(run.issuer.askedAtMs).toEqual([0, 3300 * SECOND, 6650 * SECOND]);
    expect(run.token.authorization()).toBe("Bearer token-3");
  });
});

describe("what is sent", () => {
  test.each(["a b", "a\nb", "a\r\nX-Injected: 1", "tökn", "a\u0000"])("is never %j", async (value) => {
    const run = kept();
    run.issuer.value = () => value;
    await expect(run.token.authorization()).rejects.toMatchObject({ code: "AUTH_UNUSABLE" });
    expect(run.learned).toContain(value);
  });

  test("is known to the redactor before anybody has it", async () => {
    const run = kept();
    const seen: boolean[] = [];
    await Promise.resolve(run.token.authorization()).then((header) => {
      seen.push(run.learned.some((secret) => `Bearer ${secret}` === header));
    });
    expect(seen).toEqual([true]);
  });

  test("a source that throws at once is an AuthError like any other", async () => {
    const run = kept();
    run.issuer.value = () => {
      throw new TypeError("no such thing: secret-in-text");
    };
    await expect(run.token.authorization()).rejects.toMatchObject({
      code: "AUTH_INVALID",
      detail: { why: "TypeError" },
    });
  });
});

test("a life of 90 days is no reason to renew at once: timers end at 24 days", async () => {
  const run = kept();
  run.issuer.livesMs = 90 * 24 * 3600 * SECOND;
  await callEachSecond(run, 60);
  expect(run.issuer.askedAtMs).toEqual([0]);
});

test("a guessed life renews the token and never ends it", async () => {
  const world = new FakeWorld();
  const run = kept({ world });
  let asked = 0;
  const token = new KeptToken({
    source: {
      fetch: async () => {
        asked += 1;
        if (asked > 1) throw unreachable();
        return { value: "one", livesMs: 20 * SECOND, isGuess: true };
      },
    },
    surroundings: { ...world, report: () => undefined, learn: () => undefined },
    gate: new FetchGate(1, world.after),
    phase: 0,
    name: "the token",
  });
  const { failed, waited } = await callEachSecond({ ...run, token }, 300);
  expect({ failed, waited }).toEqual({ failed: [], waited: 1 });
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThan(20);
});

test("how long a token has been waited for is known until it is there, and of a renewal that nobody waits for it is not", async () => {
  const run = kept();
  expect(run.token.waitedMs()).toBeNull();
  run.issuer.answersAfterMs = 5 * SECOND;
  const first = run.token.authorization();
  await run.world.advance(2 * SECOND);
  expect(run.token.waitedMs()).toBe(2 * SECOND);
  await run.world.advance(3 * SECOND);
  await first;
  expect(run.token.waitedMs()).toBeNull();
  await run.world.advance(8 * SECOND);
  expect(run.issuer.askedAtMs).toHaveLength(2);
  expect(run.token.waitedMs()).toBeNull();
});

test("closed, it starts no timer any more", async () => {
  const run = kept();
  await run.token.authorization();
  run.token.close();
  expect(run.world.pendingTimers()).toBe(0);
  const renewing = kept();
  renewing.issuer.answersAfterMs = SECOND;
  void renewing.token.authorization();
  renewing.token.close();
  await renewing.world.advance(SECOND);
  expect(renewing.world.pendingTimers()).toBe(0);
});

test("whatever the issuer does, nobody waits longer than its limit, no expired token is sent, and fetches never overlap", async () => {
  const step = fc.record({
    forMs: fc.integer({ min: 1, max: 40_000 }),
    fault: fc.constantFrom("none", "hang", "down"),
    answersAfterMs: fc.integer({ min: 0, max: 15_000 }),
    livesMs: fc.constantFrom(1, 900, 20_000, 100_000),
    refuse: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const run = kept();
      const endsAtMs = new Map<string, number>();
      let running = 0;
      let most = 0;
      const { issuer, world } = run;
      const fetch = issuer.fetch;
      const source = {
        fetch: async (refusal: Parameters<typeof fetch>[0]) => {
          const askedAtMs = world.monotonicMs();
          running += 1;
          most = Math.max(most, running);
          // The shortest limit of a fetch: from then on it may be one that nobody waits for any more.
          const guard = new Promise<void>((done) => world.after(6000, done));
          const result = fetch(refusal);
          void Promise.race([result.catch(() => undefined), guard]).then(() => {
            running -= 1;
          });
          const token = await result;
          if (token?.livesMs) endsAtMs.set(`Bearer ${token.value}`, askedAtMs + token.livesMs);
          return token;
        },
      };
      const token = new KeptToken({
        source,
        surroundings: { ...world, report: () => undefined, learn: () => undefined },
        gate: new FetchGate(1, world.after),
        phase: 0.3,
        name: "the token",
      });
      const wrong: string[] = [];
      for (const { forMs, fault, answersAfterMs, livesMs, refuse } of steps) {
        issuer.fault = fault === "none" ? null : fault === "hang" ? "hang" : unreachable();
        issuer.answersAfterMs = answersAfterMs;
        issuer.livesMs = livesMs;
        const askedAtMs = world.monotonicMs();
        const look = (header: string | null): void => {
          const nowMs = world.monotonicMs();
          if (nowMs - askedAtMs > 20_000) wrong.push("waited too long");
          if (header === null || (endsAtMs.get(header) ?? 0) <= nowMs) wrong.push(`expired: ${header} at ${nowMs}`);
        };
        try {
          const answer = token.authorization();
          if (answer instanceof Promise) answer.then(look, () => undefined);
          else look(answer);
          if (refuse && typeof answer === "string") void token.rejected(answer, null);
        } catch (error) {
          if (!(error instanceof AuthError)) throw error;
        }
        await world.advance(forMs);
      }
      token.close();
      expect(wrong).toEqual([]);
      expect(most).toBeLessThanOrEqual(1);
    }),
    { numRuns: 100 },
  );
});
