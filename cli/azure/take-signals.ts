import type { Signal } from "./interruption.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const satisfies readonly Signal[];

/** From now on this function gets the signals, and nobody else does. @returns gives them back */
export const takeSignals = (handler: (signal: Signal) => void): (() => void) => {
  const taken = SIGNALS.map((signal) => {
    const before = process.rawListeners(signal) as NodeJS.SignalsListener[];
    const mine = (): void => handler(signal);
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
