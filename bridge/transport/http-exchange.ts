import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

/**
 * One HTTP request on its way through undici's dispatcher. It makes the life of a handler simple: after the end, an
 * error or `abort` nothing is called any more, and an abort before the socket was there is kept until it is.
 */
export abstract class HttpExchange implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | null = null;
  #isOver = false;

  /** The request is being handed to the socket. */
  protected abstract started(): void;
  /** The final status line and headers. */
  protected abstract head(status: number, headers: IncomingHttpHeaders): void;
  protected abstract data(chunk: Buffer): void;
  /** The last byte of the answer has come. */
  protected abstract end(): void;
  protected abstract failed(error: unknown): void;
  /** Called once, whatever ended it, before `end` or `failed`. */
  protected abstract over(): void;

  get isOver(): boolean {
    return this.#isOver;
  }

  get wasStarted(): boolean {
    return this.#controller !== null;
  }

  /** Gives the request up, and with HTTP/1.1 its connection: it has no other way. `failed` is not called. */
  abort(): void {
    if (this.#close()) this.#controller?.abort(new Error("given up"));
  }

  /** Ends it before it was sent. */
  refuse(error: unknown): void {
    if (this.#close()) this.failed(error);
  }

  /** Its answer so far counts for nothing, and it is going to be sent anew: it is as it was before it was sent. */
  rewind(): void {
    this.#controller = null;
  }

  /** True for the first one that ends it. */
  #close(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.over();
    return true;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error("given up"));
    else this.started();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx answers announce the real one.
    if (status >= 200 && !this.#isOver) this.head(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isOver) this.data(chunk);
  }

  onResponseEnd(): void {
    if (this.#close()) this.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.refuse(error);
  }
}

/** A header's value where it may be absent or repeated. */
export const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(", ") : value;
