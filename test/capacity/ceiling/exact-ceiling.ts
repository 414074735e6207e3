/**
 * The true ceiling of a closed network with exponential times, by formula (machine repair model, M/M/c//N). A call that comes
 * finds the network as one with a session less is at any moment (arrival theorem: Sevcik and Mitrani 1981), and waits for
 * those before it.
 */

import type { Network } from "./closed-network.ts";

/** @returns the first session count of which more than a hundredth of the calls take longer than this */
export const exactCeiling = (network: Network, p99Ms: number): number => {
  const isBroken = (sessions: number): boolean => slowShare(network, sessions, p99Ms) > 0.01;
  let [kept, broken] = [0, 1];
  while (!isBroken(broken)) [kept, broken] = [broken, 2 * broken];
  while (broken - kept > 1) {
    const middle = Math.floor((kept + broken) / 2);
    if (isBroken(middle)) broken = middle;
    else kept = middle;
  }
  return broken;
};

/** P(response > limit) with so many sessions. */
export const slowShare = ({ places, serviceMs, thinkMs }: Network, sessions: number, limitMs: number): number => {
  const atServer = distribution({ places, serviceMs, thinkMs }, sessions - 1);
  return atServer.reduce((sum, p, found) => sum + p * tail(found, { places, serviceMs }, limitMs), 0);
};

/** P(n calls at the server), n from 0 to all. */
const distribution = ({ places, serviceMs, thinkMs }: Network, sessions: number): number[] => {
  // Logarithms: the weights of a thousand sessions leave the range of numbers.
  const logs = [0];
  for (let n = 1; n <= sessions; n += 1) {
    const arrivals = (sessions - n + 1) / thinkMs;
    const departures = Math.min(n, places) / serviceMs;
    logs.push((logs[n - 1] ?? 0) + Math.log(arrivals / departures));
  }
  const largest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

/** P(response > t) of a call that finds so many: its own service, after `found - places + 1` departures at full rate. */
const tail = (found: number, { places, serviceMs }: Pick<Network, "places" | "serviceMs">, limitMs: number): number => {
  const own = Math.exp(-limitMs / serviceMs);
  const waits = found - places + 1;
  if (waits <= 0) return own;
  // P(Erlang(waits) + Exp > t) = P(Erlang > t) + integral of the Erlang density times the tail of the rest, by Simpson.
  const rate = places / serviceMs;
  const intervals = 200;
  const width = limitMs / intervals;
  let sum = 0;
  for (let at = 0; at <= intervals; at += 1) {
    const weight = at === 0 || at === intervals ? 1 : at % 2 === 1 ? 4 : 2;
    sum += weight * erlangDensity(waits, rate, at * width) * Math.exp(-(limitMs - at * width) / serviceMs);
  }
  return erlangTail(waits, rate, limitMs) + (sum * width) / 3;
};

const erlangDensity = (shape: number, rate: number, t: number): number => {
  if (t === 0) return shape === 1 ? rate : 0;
  return Math.exp(shape * Math.log(rate) + (shape - 1) * Math.log(t) - rate * t - logFactorial(shape - 1));
};

const erlangTail = (shape: number, rate: number, t: number): number => {
  let sum = 0;
  for (let n = 0; n < shape; n += 1) sum += Math.exp(n * Math.log(rate * t) - rate * t - logFactorial(n));
  return Math.min(1, sum);
};

const factorials = [0];
const logFactorial = (n: number): number => {
  for (let next = factorials.length; next <= n; next += 1)
    factorials.push((factorials[next - 1] ?? 0) + Math.log(next));
  return factorials[n] ?? 0;
};
