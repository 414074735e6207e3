/** One of Azure's REST services: questions with typed answers, asked again while that may help, and lists of many pages. */

import type * as z from "zod";
import { AzureError } from "../azure-error.ts";
import { Exchange, type ExchangeOptions, type Question } from "./exchange.ts";
import { type RetryClock, withRetries } from "./retry.ts";
import { refused, type SeenAnswer, unexpected } from "./service-failure.ts";
import { withoutNulls } from "./without-nulls.ts";

/** A list with more has no end. */
const MOST_PAGES = 200;

interface ServiceOptions extends ExchangeOptions {
  readonly clock: RetryClock;
}

/** What each call rejects with: AzureError, or AuthError when there is no token. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #exchange: Exchange;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#exchange = new Exchange(options);
  }

  async read<Schema extends z.ZodType>(schema: Schema, question: Question): Promise<z.output<Schema>> {
    return this.#parsed(schema, question, await this.#ask(question));
  }

  /** null: there is no such thing. */
  async readOrNull<Schema extends z.ZodType>(schema: Schema, question: Question): Promise<z.output<Schema> | null> {
    const answer = await orMissing(this.#ask(question));
    return answer === null ? null : this.#parsed(schema, question, answer);
  }

  /** Its answer says nothing that is not known. */
  async do(question: Question): Promise<void> {
    await this.#ask(question);
  }

  /** What is gone already is as good as removed: the answer to an earlier attempt may have been lost. */
  async remove(path: string): Promise<void> {
    await orMissing(this.#ask({ method: "delete", path }));
  }

  /**
   * All of a list, page by page, or its first `most`.
   * @param schema of a page: what `value` holds is returned
   */
  async list<Item>(
    schema: z.ZodType<{ readonly value: readonly Item[]; readonly nextLink?: string | undefined }>,
    question: Question,
    most = Number.POSITIVE_INFINITY,
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    let asked = question;
    for (let page = 1; ; page += 1) {
      const answer = await this.#ask(asked);
      const { value, nextLink } = this.#parsed(schema, asked, answer);
      items.push(...value);
      if (items.length >= most) return items.slice(0, most);
      if (nextLink === undefined || nextLink === "") return items;
      const place = this.#exchange.placeOf(asked);
      if (page === MOST_PAGES) throw unexpected(place, answer, `a list of more than ${MOST_PAGES} pages`);
      // The token goes where the link leads.
      if (!isAt(nextLink, this.#options.origin)) throw unexpected(place, answer, "its nextLink leads to another place");
      asked = { method: "get", path: nextLink };
    }
  }

  #parsed<Schema extends z.ZodType>(schema: Schema, question: Question, answer: SeenAnswer): z.output<Schema> {
    const place = this.#exchange.placeOf(question);
    let value: unknown;
    try {
      value = withoutNulls(answer.body);
    } catch {
      throw unexpected(place, answer, "an answer that nests too deeply");
    }
    const { success, data, error } = schema.safeParse(value);
    if (success) return data;
    const [issue] = error.issues;
    const field = issue === undefined || issue.path.length === 0 ? "the answer" : issue.path.join(".");
    throw unexpected(place, answer, `${field}: ${issue?.message}`);
  }

  #ask(question: Question): Promise<SeenAnswer> {
    const { clock, limits, credential } = this.#options;
    const patienceMs = question.upload === undefined ? limits.callMs : limits.transferMs;
    const limitMs = question.isAskedOnce ? 0 : patienceMs;
    const attempt = async (): Promise<SeenAnswer> => {
      let answer = await this.#exchange.send(question);
      if (answer.status === 401) {
        // Ended early, or revoked: one other token may do.
        credential.forget();
        answer = await this.#exchange.send(question);
      }
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw refused(this.#exchange.placeOf(question), answer);
    };
    return withRetries(attempt, { clock, limitMs });
  }
}

const orMissing = async (answer: Promise<SeenAnswer>): Promise<SeenAnswer | null> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AzureError && error.code === "AZURE_NOT_FOUND") return null;
    throw error;
  }
};

const isAt = (link: string, origin: string): boolean => URL.canParse(link) && new URL(link).origin === origin;
