// What is live, asked again every two seconds while somebody looks.

const EVERY_MS = 2000;
const TIMEOUT_MS = 5000;

let serverAheadMs = 0;

/** The server's clock: browsers' clocks may be minutes off. */
export function serverNowMs() {
  return Date.now() + serverAheadMs;
}

/** Sends `update` events with the parsed /-/streams.json, and `lost` when the server does not answer. */
export class StreamFeed extends EventTarget {
  #timer;

  start() {
    document.addEventListener('visibilitychange', () => !document.hidden && this.#ask());
    this.#ask();
  }

  async #ask() {
    clearTimeout(this.#timer);
    try {
      const response = await fetch('/-/streams.json', { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) {
        throw new Error(`status ${response.status}`);
      }
      const detail = await response.json();
      serverAheadMs = detail.nowMs - Date.now();
      this.dispatchEvent(new CustomEvent('update', { detail }));
    } catch {
      this.dispatchEvent(new CustomEvent('lost'));
    }
    clearTimeout(this.#timer);
    if (!document.hidden) {
      this.#timer = setTimeout(() => this.#ask(), EVERY_MS);
    }
  }
}
