// <sluice-watch>: both players of one stream, what happened to it, and its addresses for other players.

import { copyLine, iconButton, make, setText } from './dom.js';
import { timeOfDay } from './format.js';
import { addresses, hlsPath, lowDelayPath } from './names.js';

/** The first segments in a new codec come a while after its first frames. */
const SETTLE_MS = 15_000;

/** Sends `leave` when the viewer closes it. */
export class SluiceWatch extends HTMLElement {
  #stream;
  #rtmpPort;
  #shape; // since when the stream is live, and its codecs: when that changes, players that gave up try again
  #changedAtMs = -Infinity;
  #addresses;
  #events = make('ol', { class: 'events' });

  connectedCallback() {
    // One sound at a time: who turns one player on turns the other off. The event does not bubble, so it is captured.
    this.addEventListener('volumechange', ({ target }) => this.#onlySound(target), true);
  }

  /** Shows a stream, or nothing. Showing the same one again changes nothing. */
  show(stream) {
    if (stream === this.#stream) {
      return;
    }
    this.#stream = stream;
    this.#shape = undefined;
    this.hidden = !stream;
    this.replaceChildren(...(stream ? this.#parts(stream) : []));
  }

  /** What the server says: its RTMP port, and what it lists about the stream, undefined while it is not listed. */
  update(rtmpPort, listed) {
    const shape = listed && [listed.startedAtMs, ...listed.tracks.map(({ codec }) => codec)].join();
    this.#showEvents(listed?.events ?? []);
    if (this.#stream && rtmpPort !== this.#rtmpPort) {
      this.#rtmpPort = rtmpPort;
      this.#addresses.replaceChildren(...this.#addressLines());
    }
    this.#rtmpPort = rtmpPort;
    const changed = shape !== undefined && shape !== this.#shape;
    if (changed && this.#shape !== undefined) {
      this.#changedAtMs = performance.now();
    }
    if (changed || performance.now() - this.#changedAtMs < SETTLE_MS) {
      this.querySelectorAll('sluice-low-delay, sluice-hls').forEach((player) => player.retryNow());
    }
    this.#shape = shape;
  }

  #parts(stream) {
    this.#addresses = make('div', { class: 'addresses' }, ...this.#addressLines());
    const close = iconButton('close', 'Close the players', () => this.dispatchEvent(new CustomEvent('leave')));
    return [
      make('div', { class: 'watch-head' }, make('h2', {}, stream), close),
      make(
        'div',
        { class: 'players' },
        make('sluice-low-delay', { src: lowDelayPath(stream) }),
        make('sluice-hls', { src: hlsPath(stream) }),
      ),
      make('h3', { class: 'addresses-title' }, 'Watch elsewhere'),
      this.#addresses,
      make('h3', { class: 'events-title' }, 'What happened'),
      this.#events,
    ];
  }

  /** Newest first. */
  #showEvents(events) {
    const lines = events.map(({ atMs, text }) => `${timeOfDay(atMs)}  ${text}`).reverse();
    while (this.#events.children.length > lines.length) {
      this.#events.lastElementChild.remove();
    }
    lines.forEach((line, at) => {
      const present = this.#events.children[at] ?? this.#events.appendChild(make('li'));
      setText(present, line);
    });
  }

  #addressLines() {
    return addresses(this.#stream, this.#rtmpPort).map(([label, address]) =>
      make('div', { class: 'address' }, make('span', { class: 'address-label' }, label), copyLine(address)),
    );
  }

  #onlySound(on) {
    if (!on.muted) {
      this.querySelectorAll('video').forEach((video) => (video.muted ||= video !== on));
    }
  }
}

customElements.define('sluice-watch', SluiceWatch);
