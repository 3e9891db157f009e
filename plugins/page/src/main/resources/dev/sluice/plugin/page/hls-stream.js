// Plays a live stream over HLS: by hls.js where there are Media Source Extensions, by the browser itself elsewhere.
// Sends the same `state` events as LowDelayStream.

import { Backoff } from './backoff.js';
import { notPlayed } from './codecs.js';
import { serverNowMs } from './feed.js';
import { PUBLISHER_AWAY } from './live-edge.js';
import { MediaBuffer } from './media-buffer.js';

const HLS_TYPE = 'application/vnd.apple.mpegurl';
const SECOND_MEDIA_ERROR_MS = 10_000;
const STALL_MAX_MS = 12_000;
const SENTENCE_MAX = 300; // characters

const SETTINGS = {
  enableWorker: false, // fragmented MP4 passes through: nothing to repack, and no script from a blob: address
  maxLiveSyncPlaybackRate: 1.05, // what a stall cost is won back
  liveSyncDurationCount: 2,
  liveMaxLatencyDurationCount: 6,
  backBufferLength: 20,
};

let library;

/** hls.js is a classic script: it is fetched once, when the first player needs it. */
function hlsLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/-/hls.js';
    script.onload = () => resolve(globalThis.Hls);
    script.onerror = () => {
      library = undefined;
      script.remove();
      reject(new Error('hls.js did not load'));
    };
    document.head.append(script);
  });
  return library;
}

/** The sentence with which the server refused a playlist, such as “live/demo is not live.”; empty when there is none. */
function sentenceOf(request) {
  const isText = request instanceof XMLHttpRequest && ['', 'text'].includes(request.responseType);
  if (!isText || request.status < 400 || request.responseText.length > SENTENCE_MAX) {
    return '';
  }
  return request.responseText.trim().replace(/[^.]$/, '$&.');
}

/** Why none of these levels can play. hls.js knows fewer codecs than browsers do. */
function refusalOf(levels) {
  const unknown = levels.flatMap(({ unknownCodecs }) => unknownCodecs ?? []);
  if (unknown.length > 0) {
    return notPlayed('This player', unknown);
  }
  const codecs = new Set(levels.flatMap(({ attrs }) => (attrs.CODECS ?? '').split(',')));
  return notPlayed('This browser', MediaBuffer.lacks([...codecs]));
}

export class HlsStream extends EventTarget {
  /** The viewer paused: a reload must not start the picture by itself. */
  held = false;

  #video;
  #url;
  #backoff = new Backoff();
  #listening; // an AbortController: ends every listener on the video at once
  #state = '';
  #hls;
  #sawLive = false;
  #lastSegment = -1;
  #publisherAway = false;
  #stalled; // a timer
  #mediaErrorAtMs = -Infinity;

  constructor(video, url) {
    super();
    this.#video = video;
    this.#url = url;
  }

  start() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (type, listener) => this.#video.addEventListener(type, listener, { signal });
    on('playing', () => this.#onPlaying());
    on('waiting', () => this.#onStall());
    on('ended', () => this.#tryLater('The stream has ended.'));
    on('error', () => !this.#hls && this.#tryLater('The stream is not live, or cannot be reached.'));
    this.#open();
  }

  stop() {
    this.#listening?.abort();
    this.#backoff.cancel();
    clearTimeout(this.#stalled);
    this.#close();
  }

  /** Somebody knows that the stream is back: the waiting ends. */
  retryNow() {
    if (this.#state === 'failed') {
      this.#open();
    } else {
      this.#backoff.now();
    }
  }

  /** From the server's receipt of a picture to its show, where the playlist tells; else the distance to its end. */
  get delaySeconds() {
    if (!this.#hls || this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      return NaN;
    }
    const shownMs = this.#hls.playingDate?.getTime();
    return Number.isFinite(shownMs) ? (serverNowMs() - shownMs) / 1000 : this.#hls.latency;
  }

  async #open() {
    this.#report('connecting', 'Waiting for the first segment …');
    const { signal } = this.#listening;
    const Hls = await hlsLibrary().catch(() => undefined);
    if (signal.aborted) {
      return;
    }
    this.#close();
    if (Hls?.isSupported()) {
      this.#openWith(Hls);
    } else if (this.#video.canPlayType(HLS_TYPE)) {
      this.#video.src = this.#url;
      this.#play();
    } else if (Hls) {
      this.#report('failed', 'This browser can play neither HLS nor Media Source Extensions.');
    } else {
      this.#tryLater('The player could not be loaded.');
    }
  }

  #openWith(Hls) {
    const hls = new Hls(SETTINGS);
    const own = (listener) => (_, data) => hls === this.#hls && listener(data);
    let offered = []; // what the playlist offers, before hls.js takes away what it cannot play
    this.#hls = hls;
    this.#sawLive = false;
    this.#lastSegment = -1;
    this.#publisherAway = false;
    hls.on(Hls.Events.MANIFEST_LOADED, own(({ levels }) => (offered = levels)));
    hls.on(Hls.Events.MANIFEST_PARSED, own(() => this.#play()));
    hls.on(Hls.Events.LEVEL_LOADED, own(({ details }) => this.#onPlaylist(details)));
    hls.on(Hls.Events.ERROR, own((data) => data.fatal && this.#onFatal(Hls, data, offered)));
    hls.loadSource(this.#url);
    hls.attachMedia(this.#video);
  }

  /**
   * The playlist of an ended stream stays for a while: what was live plays to its end, but nobody starts there. A
   * publisher who returns within that time begins to count anew, which hls.js takes for an old playlist.
   */
  #onPlaylist({ live, endSN, fragments }) {
    this.#onPublisher(Boolean(live && fragments.at(-1)?.gap));
    if (!live && !this.#sawLive) {
      this.#tryLater('The stream has ended.');
    } else if (endSN < this.#lastSegment) {
      this.#open();
    } else {
      this.#sawLive = true;
      this.#lastSegment = endSN;
    }
  }

  /** While the newest segments are gaps, the stream waits for its publisher: a picture that stands still is no failure. */
  #onPublisher(away) {
    if (away !== this.#publisherAway) {
      this.#publisherAway = away;
      if (this.#state === 'connecting') {
        this.#limitStall();
        this.#reportStall();
      }
    }
  }

  #onFatal(Hls, { type, details, networkDetails }, offered) {
    const nowMs = performance.now();
    if (details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) {
      this.#close();
      this.#report('failed', refusalOf(offered)); // a media error too, but none that a second try mends
    } else if (type === Hls.ErrorTypes.MEDIA_ERROR && nowMs - this.#mediaErrorAtMs > SECOND_MEDIA_ERROR_MS) {
      this.#mediaErrorAtMs = nowMs;
      this.#hls.recoverMediaError();
    } else if (type === Hls.ErrorTypes.NETWORK_ERROR) {
      this.#tryLater(sentenceOf(networkDetails) || 'The stream cannot be reached.');
    } else {
      this.#tryLater('The browser could not play the stream.');
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

  #onStall() {
    this.#limitStall();
    if (this.#state === 'playing') {
      this.#reportStall();
    }
  }

  #limitStall() {
    clearTimeout(this.#stalled);
    if (!this.#publisherAway) {
      this.#stalled = setTimeout(() => this.#tryLater('The stream has stopped.'), STALL_MAX_MS);
    }
  }

  #reportStall() {
    this.#report('connecting', this.#publisherAway ? PUBLISHER_AWAY : 'Waiting for the next segment …');
  }

  #tryLater(text) {
    clearTimeout(this.#stalled);
    this.#close();
    this.#report('waiting', `${text} Trying again …`);
    this.#backoff.schedule(() => this.#open());
  }

  #close() {
    this.#hls?.destroy();
    this.#hls = undefined;
    if (this.#video.hasAttribute('src')) {
      this.#video.removeAttribute('src');
      this.#video.load();
    }
  }

  #onPlaying() {
    clearTimeout(this.#stalled);
    this.#backoff.reset();
    this.#report('playing', '');
  }

  #report(state, text) {
    this.#state = state;
    this.dispatchEvent(new CustomEvent('state', { detail: { state, text } }));
  }
}
