/** Tries again later, and later still: 1, 2, 4, 8, 10, 10 … seconds, a little apart for each viewer. */
export class Backoff {
  #firstMs;
  #maxMs;
  #nextMs;
  #timer;
  #attempt;

  constructor(firstMs = 1000, maxMs = 10_000) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
    this.#nextMs = firstMs;
  }

  schedule(attempt) {
    this.cancel();
    const spreadMs = this.#nextMs * (0.9 + 0.2 * Math.random());
    this.#attempt = attempt;
    this.#timer = setTimeout(() => this.now(), spreadMs);
    this.#nextMs = Math.min(this.#nextMs * 2, this.#maxMs);
  }

  /** Tries at once if a try is due later. */
  now() {
    const attempt = this.#attempt;
    this.cancel();
    attempt?.();
  }

  cancel() {
    clearTimeout(this.#timer);
    this.#attempt = undefined;
  }

  /** It worked: the next failure starts over. */
  reset() {
    this.#nextMs = this.#firstMs;
  }
}
