import { expect, test } from "vitest";
import { CookieJar } from "../../../bridge/transport/cookie-jar.ts";

const jarWith = (...lines: string[]): CookieJar => {
  const jar = new CookieJar();
  jar.take(lines);
  return jar;
};

test("cookies go back by name and value, the newest value wins", () => {
  expect(jarWith("a=1; Path=/; HttpOnly", "b=x=y", "a=2").header()).toBe("b=x=y; a=2");
});

test("an expired cookie goes", () => {
  expect(jarWith("a=1", "a=; Max-Age=0").header()).toBeNull();
  expect(jarWith("a=1", "a=; expires=Thu, 01 Jan 1970 00:00:00 GMT").header()).toBeNull();
});

test("nothing to send is null, and what is no cookie is left out", () => {
  expect(jarWith("", "=x", "novalue").header()).toBeNull();
  const jar = new CookieJar();
  jar.take(undefined);
  jar.take("one=1");
  expect(jar.header()).toBe("one=1");
});

test("a server cannot make it grow", () => {
  const jar = jarWith(...Array.from({ length: 200 }, (_, index) => `c${index}=1`), `big=${"x".repeat(5_000)}`);
  expect(jar.header()?.split("; ")).toHaveLength(50);
});
