import { expect, test } from "vitest";
import { ownValue } from "../../record/own-value.ts";

test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
  "%s is held by no record that lacks it",
  (name) => {
    expect(ownValue({}, name)).toBeUndefined();
    expect(ownValue(undefined, name)).toBeUndefined();
    expect(ownValue(JSON.parse(`{"${name}":1}`), name)).toBe(1);
  },
);
