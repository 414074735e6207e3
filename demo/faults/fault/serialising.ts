import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "../fault.ts";
import { Slots } from "../slots.ts";

const WORK_MS = 15;

export const serialising = (): Fault => {
  const lock = new Slots(1);
  return {
    about: "one lock that all calls share",
    work: (_tool, query) =>
      lock.hold(async () => {
        await wait(WORK_MS);
        return query;
      }),
  };
};
