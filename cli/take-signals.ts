import { isatty } from "node:tty";
import type { EXIT_OF_SIGNAL } from "./exit-code.ts";

type Signal = keyof typeof EXIT_OF_SIGNAL;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const satisfies readonly Signal[];

/**
 * From now on this function gets the signals, and nobody else does. Without any terminal SIGHUP is nobody's: no terminal of
 * this process was closed, and whoever started it with nohup has said that it goes on.
 * @returns gives them back
 */
export const takeSignals = (handler: (signal: Signal) => void): (() => void) => {
  const hasTerminal = [0, 1, 2].some((fd) => isatty(fd));
  const taken = SIGNALS.map((signal) => {
    const before = process.rawListeners(signal) as NodeJS.SignalsListener[];
    // Without a listener the signal would end the process, even one that was started to ignore it.
    const mine = (): void => {
      if (signal !== "SIGHUP" || hasTerminal) handler(signal);
    };
    process.removeAllListeners(signal);
    process.on(signal, mine);
    return { signal, before, mine };
  });
  return () => {
    for (const { signal, before, mine } of taken) {
      process.off(signal, mine);
      for (const listener of before) process.on(signal, listener);
    }
  };
};
