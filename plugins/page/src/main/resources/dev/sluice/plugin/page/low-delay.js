// Plays a live stream with a delay of a few hundred milliseconds: fragmented MP4 over a WebSocket into Media Source
// Extensions. It stands alone: with the five modules it needs, it runs on any page.
//
//   const player = new LowDelayStream(video, 'ws://host:8080/live/demo.mp4');
//   player.addEventListener('state', ({ detail }) => console.log(detail.state, detail.text));
//   player.start();
//
// The server sends a text message {"type":"init","mime":…} before each initialisation segment: at the start, when the
// configuration changes, and after it let a slow viewer jump. Every other binary message is one frame (moof and mdat).
// Decode times lie on the stream's own timeline, so a newcomer starts somewhere in the middle of it. A stream whose
// tracks MP4 does not carry begins with {"type":"unsupported","codecs":[…]}; that may change while the connection lasts.
// {"type":"waiting"} says that the publisher was lost and may come back: the times of the next frames are later by as long
// as he was away, which leaves a hole that the player jumps over.

import { Backoff } from './backoff.js';
import { codecsOf, notCarried, notPlayed } from './codecs.js';
import { PUBLISHER_AWAY, LiveEdge } from './live-edge.js';
import { MediaBuffer } from './media-buffer.js';

const TEND_EVERY_MS = 250;
const SILENCE_MAX_MS = 10_000;
const WAITING_SILENCE_MAX_MS = 120_000; // then a new connection tells whether the server is still there
const STALL_SHOWN_AFTER_MS = 1500;

const KNOWN_REASONS = {
  publisher_left: 'The publisher has left.',
  stalled: 'This viewer was too slow.',
  server_stopping: 'The server is stopping.',
  kicked: 'The server ended this viewer.',
};

/**
 * States, sent as `state` events with `{ state, text }`: connecting, playing, waiting (tries again by itself), blocked
 * (the browser wants a click), failed.
 */
export class LowDelayStream extends EventTarget {
  /** The viewer paused: a reconnect must not start the picture by itself. */
  held = false;

  #video;
  #url;
  #state = '';
  #listening; // an AbortController: ends every listener on the video and the document at once
  #tending;
  #backoff = new Backoff();
  #buffer;
  #edge;
  #movedAtMs = 0;

  // One connection.
  #socket;
  #announced; // the text message before an initialisation segment
  #waiting = false; // for the publisher
  #heardAtMs = 0;

  constructor(video, url) {
    super();
    this.#video = video;
    this.#url = url;
    this.#edge = new LiveEdge(video);
    this.#buffer = new MediaBuffer(video, () => this.#follow(), (text) => this.#tryLater(text));
  }

  start() {
    if (!MediaBuffer.supported) {
      this.#report('failed', 'This browser has no Media Source Extensions. The HLS player still works.');
      return;
    }
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (type, listener) => this.#video.addEventListener(type, listener, { signal });
    on('play', () => this.#edge.jump());
    on('playing', () => this.#onPlaying());
    on('timeupdate', () => (this.#movedAtMs = performance.now()));
    on('waiting', () => this.#waiting || this.#edge.onStall());
    on('error', () => this.#tryLater('The browser could not decode the stream.'));
    document.addEventListener('visibilitychange', () => this.#follow(), { signal });
    this.#tending = setInterval(() => this.#tend(), TEND_EVERY_MS);
    this.#connect();
  }

  stop() {
    this.#listening?.abort();
    clearInterval(this.#tending);
    this.#backoff.cancel();
    this.#disconnect();
    this.#buffer.close();
    this.#edge.reset();
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  /** Somebody knows that the stream is back: the waiting ends. */
  retryNow() {
    if (this.#state === 'failed' && this.#listening) {
      this.#disconnect();
      this.#connect();
    } else {
      this.#backoff.now();
    }
  }

  /** How far the picture is behind the newest frame received. */
  get delaySeconds() {
    return this.#edge.behind;
  }

  #connect() {
    this.#report('connecting', 'Connecting …');
    this.#buffer.close();
    this.#edge.reset();
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(data);
    socket.onclose = ({ reason }) => socket === this.#socket && this.#tryLater(this.#sentenceFor(reason));
    this.#socket = socket;
    this.#announced = undefined;
    this.#waiting = false;
    this.#heardAtMs = performance.now();
  }

  #disconnect() {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #receive(data) {
    this.#heardAtMs = performance.now();
    if (typeof data === 'string') {
      this.#receiveMessage(JSON.parse(data));
    } else if (this.#announced) {
      const { mime } = this.#announced;
      this.#announced = undefined;
      this.#receiveInit(data, mime);
    } else {
      this.#waiting = false;
      this.#buffer.appendFrame(data);
    }
  }

  #receiveMessage(message) {
    if (message.type === 'init') {
      this.#announced = message;
    } else if (message.type === 'waiting') {
      this.#waiting = true;
    } else if (message.type === 'unsupported') {
      this.#report('failed', notCarried(message.codecs));
    }
  }

  #receiveInit(bytes, mime) {
    if (!MediaBuffer.canPlay(mime)) {
      this.#disconnect();
      this.#report('failed', notPlayed('This browser', MediaBuffer.lacks(codecsOf(mime))));
    } else if (this.#buffer.appendInit(bytes, mime)) {
      this.#edge.reset();
    }
  }

  /** Gives this connection up and tries again after a while. One failure is often told twice; the first counts. */
  #tryLater(text) {
    if (this.#socket) {
      this.#disconnect();
      this.#report('waiting', `${text} Trying again …`);
      this.#backoff.schedule(() => this.#connect());
    }
  }

  #follow() {
    if (!this.#buffer.open || this.#video.buffered.length === 0) {
      return; // what the video holds is still of an earlier connection
    }
    if (this.#edge.joined) {
      this.#edge.follow();
    } else {
      this.#edge.join();
      this.#play();
    }
  }

  #play() {
    if (!this.held) {
      this.#video.play().catch((error) => {
        // A newer source interrupts play() too; only a refusal needs the viewer.
        if (error.name === 'NotAllowedError') {
          this.#report('blocked', 'Press play: the browser does not start this by itself.');
        }
      });
    }
  }

  #tend() {
    const nowMs = performance.now();
    const silenceMaxMs = this.#waiting ? WAITING_SILENCE_MAX_MS : SILENCE_MAX_MS;
    if (nowMs - this.#heardAtMs > silenceMaxMs && this.#state !== 'failed') {
      this.#tryLater('The server has fallen silent.');
      return;
    }
    this.#follow();
    if (this.#state === 'playing' && !this.#video.paused && nowMs - this.#movedAtMs > STALL_SHOWN_AFTER_MS) {
      this.#report('connecting', this.#waiting ? PUBLISHER_AWAY : 'Waiting for new pictures …');
    }
  }

  #onPlaying() {
    this.#movedAtMs = performance.now();
    if (this.#socket) {
      this.#backoff.reset();
      this.#report('playing', '');
    }
  }

  /** A reason is one of the server's words, or a sentence it wants shown; browsers tell none when the server refuses. */
  #sentenceFor(reason) {
    if (reason.includes(' ')) {
      return reason;
    }
    const other = this.#edge.joined ? 'The stream has ended.' : 'The stream is not live, or cannot be reached.';
    return KNOWN_REASONS[reason] ?? other;
  }

  #report(state, text) {
    this.#state = state;
    this.dispatchEvent(new CustomEvent('state', { detail: { state, text } }));
  }
}
