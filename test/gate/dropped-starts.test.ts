import { expect, test } from "vitest";
import { droppedSentences } from "../../gate/dropped-starts.ts";
import { Recording } from "../../record/recording.ts";
import { arrivalName } from "../../record/section.ts";
import { sample } from "../record/samples.ts";

const SLOW = arrivalName("learn", "Slow");

const sentences = (planned: number, dropped: number) => {
  const recording = new Recording();
  for (let start = 0; start < planned; start += 1) {
    recording.record(sample({ name: SLOW, outcome: start < dropped ? "dropped" : "ok" }));
  }
  return droppedSentences(recording.toRunFile());
};

test("a run without planned starts, or with all of them begun, has nothing to say", () => {
  expect(sentences(0, 0)).toEqual({ invalid: [], notes: [] });
  expect(sentences(500, 0)).toEqual({ invalid: [], notes: [] });
});

test.each([
  [5000, 50, 51],
  [500, 10, 11],
  [40, 4, 5],
  [5, 1, 2],
])("of %i planned starts %i may be dropped and are told, %i make the run invalid", (planned, most, tooMany) => {
  expect(sentences(planned, most)).toMatchObject({ invalid: [], notes: [expect.stringContaining(SLOW)] });
  expect(sentences(planned, tooMany)).toMatchObject({ invalid: [expect.stringContaining(SLOW)], notes: [] });
});
