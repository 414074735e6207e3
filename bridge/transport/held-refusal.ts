import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { Body } from "./body.ts";
import { type HttpExchange, headerText } from "./http-exchange.ts";

/** As much of a refusal as is of use, and as long as it may take to come: then its connection is dropped. */
const MAX_REFUSAL_BYTES = 65_536;
const REFUSAL_LIMIT_MS = 2_000;

/** An answer that refused a credential, read and kept back until it is known whether there is another credential. */
export class HeldRefusal {
  readonly #controller: Dispatcher.DispatchController;
  readonly #status: number;
  readonly #headers: IncomingHttpHeaders;
  readonly #body = new Body(MAX_REFUSAL_BYTES);
  readonly #timer: NodeJS.Timeout;

  constructor(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders) {
    this.#controller = controller;
    this.#status = status;
    this.#headers = headers;
    this.#timer = setTimeout(() => controller.abort(new Error("the refusal does not end")), REFUSAL_LIMIT_MS);
  }

  get challenge(): string | null {
    return headerText(this.#headers["www-authenticate"]) ?? null;
  }

  take(chunk: Buffer): void {
    if (!this.#body.add(chunk)) this.#controller.abort(new Error("the refusal is too long"));
  }

  /** Nothing more of it comes. What broke it off does not matter: its status is known, and that is enough. */
  end(): void {
    clearTimeout(this.#timer);
  }

  /** Lets the exchange have it as if it had just come. */
  passTo(exchange: HttpExchange): void {
    const bytes = this.#body.bytes();
    exchange.onResponseStart(this.#controller, this.#status, this.#headers);
    if (bytes.length > 0) exchange.onResponseData(this.#controller, bytes);
    exchange.onResponseEnd();
  }
}
