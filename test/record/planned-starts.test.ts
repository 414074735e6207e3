import { expect, test } from "vitest";
import { awaitedKind, droppedStarts, plannedServers } from "../../record/planned-starts.ts";
import { Recording } from "../../record/recording.ts";
import { arrivalName, authName, turnName } from "../../record/section.ts";
import { SEARCH, sample } from "./samples.ts";

const recording = new Recording();
recording.record(sample());
recording.record(sample({ name: arrivalName("learn", "One") }));
recording.record(sample({ name: arrivalName("learn", "One"), outcome: "dropped" }));
recording.record(sample({ name: arrivalName("learn", "Two"), outcome: "dropped" }));
const file = recording.toRunFile();

test("a server has planned starts when one of its classes has", () => {
  expect([...plannedServers(file)]).toEqual(["learn"]);
});

test("under an arrival rate calls and turns are waited for from their planned start, elsewhere and in auth they are not", () => {
  const planned = plannedServers(file);
  const names = [SEARCH, turnName("learn", "research"), "github:ping", authName("learn", "token")];
  expect(names.map((name) => awaitedKind(name, planned))).toEqual(["response", "response", "service", "service"]);
});

test("dropped starts are those of all classes", () => {
  expect(droppedStarts(file)).toBe(2);
});
