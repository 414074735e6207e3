import { expect, test } from "vitest";
import { seededDice } from "../../bench/truth/seeded-dice.ts";
import { numberIn } from "../../record/number-bytes.ts";

const read = (text: string): number => numberIn(Buffer.from(`,${text},`), 1, text.length + 1);

test("decimals are the numbers that JavaScript reads in the same text", () => {
  const random = seededDice(7);
  for (let each = 0; each < 20_000; each++) {
    const text = (random() * 10 ** Math.floor(random() * 14)).toFixed(Math.floor(random() * 6));
    expect(read(text), text).toBe(Number(text));
  }
});

test.each([
  "",
  ".",
  "..",
  "1.2.3",
  "5.",
  ".5",
  "-3",
  "1e3",
  "0x10",
  " 7 ",
  "Infinity",
  "seven",
  "12345678901234567890.5",
])("%j is what it is elsewhere", (text) => expect(read(text)).toBe(Number(text)));
