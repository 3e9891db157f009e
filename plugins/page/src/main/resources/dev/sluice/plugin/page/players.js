// <sluice-low-delay src="/live/demo.mp4"> and <sluice-hls src="/live/demo/index.m3u8">: a picture, its delay, and the
// few controls a live picture needs. The attribute `data-state` says how it goes; `playerstate` events tell it upwards.

import { iconButton, make, setIcon, setText } from './dom.js';
import { delay } from './format.js';
import { HlsStream } from './hls-stream.js';
import { LowDelayStream } from './low-delay.js';

const REFRESH_EVERY_MS = 500;

class LivePlayer extends HTMLElement {
  static observedAttributes = ['src'];

  #video = make('video', { playsinline: '', preload: 'auto', 'data-player': this.kind, 'aria-label': this.label });
  #delay = make('span', { class: 'delay', title: this.delayTitle });
  #message = make('p', { class: 'player-message', role: 'status' });
  #pause = iconButton('pause', 'Pause', () => this.#togglePause());
  #mute = iconButton('muted', 'Sound on', () => (this.#video.muted = !this.#video.muted));
  #full = iconButton('fullscreen', 'Full screen', () => this.#toggleFullScreen());
  #stream;
  #timer;

  connectedCallback() {
    if (!this.hasChildNodes()) {
      this.#build();
    }
    this.#open();
    this.#timer = setInterval(() => this.#refresh(), REFRESH_EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    this.#close();
  }

  attributeChangedCallback(name, before, now) {
    if (this.isConnected && this.#stream && before !== now) {
      this.#close();
      this.#open();
    }
  }

  /** Ends the waiting for a stream that is known to be back. */
  retryNow() {
    this.#stream?.retryNow();
  }

  #build() {
    this.#video.muted = true; // browsers start only silent pictures by themselves
    for (const type of ['play', 'pause', 'volumechange']) {
      this.#video.addEventListener(type, () => this.#showControls());
    }
    this.#video.addEventListener('dblclick', () => this.#toggleFullScreen());
    const title = make('h3', {}, this.label);
    const hint = make('span', { class: 'hint' }, this.hint);
    const grow = make('span', { class: 'grow' });
    const controls = make('div', { class: 'controls' }, this.#pause, this.#mute, grow, this.#full);
    this.append(
      make('div', { class: 'player-head' }, title, hint, this.#delay),
      make('div', { class: 'screen' }, this.#video, this.#message, controls),
    );
    this.#showControls();
  }

  #open() {
    this.#stream = this.streamOf(this.#video, new URL(this.getAttribute('src'), location.href));
    this.#stream.addEventListener('state', ({ detail }) => this.#showState(detail));
    this.#stream.start();
  }

  #close() {
    this.#stream?.stop();
    this.#stream = undefined;
  }

  #togglePause() {
    this.#stream.held = !this.#video.paused;
    if (this.#stream.held) {
      this.#video.pause();
    } else {
      this.#video.play().catch(() => this.#showControls());
    }
  }

  #toggleFullScreen() {
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else if (this.requestFullscreen) {
      this.requestFullscreen().catch(() => {});
    } else {
      this.#video.webkitEnterFullscreen?.(); // iPhones let only the video itself fill the screen
    }
  }

  #showState({ state, text }) {
    this.dataset.state = state;
    setText(this.#message, text);
    this.dispatchEvent(new CustomEvent('playerstate', { bubbles: true, detail: { state, text } }));
  }

  #showControls() {
    const { paused, muted } = this.#video;
    setIcon(this.#pause, paused ? 'play' : 'pause', paused ? 'Play' : 'Pause');
    setIcon(this.#mute, muted ? 'muted' : 'sound', muted ? 'Sound on' : 'Sound off');
  }

  #refresh() {
    const playing = this.dataset.state === 'playing';
    const seconds = playing ? this.#stream.delaySeconds : NaN;
    setText(this.#delay, delay(seconds));
    this.dataset.delay = Number.isFinite(seconds) ? seconds.toFixed(2) : '';
    if (playing) {
      setText(this.#message, this.#video.videoWidth ? '' : 'This stream is sound only.');
    }
  }
}

export class SluiceLowDelay extends LivePlayer {
  get kind() {
    return 'low-delay';
  }

  get label() {
    return 'Low delay';
  }

  get hint() {
    return 'MP4 over WebSocket';
  }

  get delayTitle() {
    return 'How far the picture is behind the newest frame received';
  }

  streamOf(video, url) {
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return new LowDelayStream(video, url.href);
  }
}

export class SluiceHls extends LivePlayer {
  get kind() {
    return 'hls';
  }

  get label() {
    return 'HLS';
  }

  get hint() {
    return 'works everywhere';
  }

  get delayTitle() {
    return 'From the arrival of a picture at the server to its show here';
  }

  streamOf(video, url) {
    return new HlsStream(video, url.href);
  }
}

customElements.define('sluice-low-delay', SluiceLowDelay);
customElements.define('sluice-hls', SluiceHls);
