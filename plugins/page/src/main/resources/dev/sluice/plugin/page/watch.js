// <sluice-watch>: both players of one stream, and its addresses for other players.

import { copyLine, iconButton, make } from './dom.js';
import { addresses, hlsPath, lowDelayPath } from './names.js';

/** Sends `leave` when the viewer closes it. */
export class SluiceWatch extends HTMLElement {
  #stream;
  #rtmpPort;
  #startedAtMs;
  #addresses;

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
    this.#startedAtMs = undefined;
    this.hidden = !stream;
    this.replaceChildren(...(stream ? this.#parts(stream) : []));
  }

  /** What the server says: its RTMP port, and since when the stream is live, undefined while it is not listed. */
  update(rtmpPort, startedAtMs) {
    if (this.#stream && rtmpPort !== this.#rtmpPort) {
      this.#rtmpPort = rtmpPort;
      this.#addresses.replaceChildren(...this.#addressLines());
    }
    this.#rtmpPort = rtmpPort;
    if (startedAtMs !== undefined && startedAtMs !== this.#startedAtMs) {
      this.querySelectorAll('sluice-low-delay, sluice-hls').forEach((player) => player.retryNow());
    }
    this.#startedAtMs = startedAtMs;
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
    ];
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
