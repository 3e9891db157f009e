// What the low-delay player gives the browser to decode: one media source with one SourceBuffer, a queue in front of
// it, and old media removed behind the picture.

import { codecsOf, kindOf } from './codecs.js';
import { keyFrameTime, videoTrack } from './fmp4.js';

const MediaSourceOrManaged = globalThis.MediaSource ?? globalThis.ManagedMediaSource; // iPhones have only the latter

const APPEND_MAX_BYTES = 4 << 20;
const QUEUE_MAX_BYTES = 64 << 20;

// Seconds.
const KEEP_BEHIND = 10;
const TRIM_BEHIND = 20;

export class MediaBuffer {
  #video;
  #onUpdated;
  #onFailed;
  #media;
  #buffer;
  #mime; // of the newest initialisation segment
  #appliedMime;
  #track;
  #keyTimes = []; // seconds; where the buffer may be cut
  #queue = []; // { bytes, mime? }; those with a mime are initialisation segments
  #queuedBytes = 0;

  /** `onUpdated()` after each change of what is buffered; `onFailed(sentence)` when the browser refuses the media. */
  constructor(video, onUpdated, onFailed) {
    this.#video = video;
    this.#onUpdated = onUpdated;
    this.#onFailed = onFailed;
  }

  static get supported() {
    return Boolean(MediaSourceOrManaged);
  }

  static canPlay(mime) {
    return MediaSourceOrManaged.isTypeSupported(mime);
  }

  /** Which of the codecs the browser lacks; all where it lacks only their combination. */
  static lacks(codecs) {
    const lacking = codecs.filter((codec) => !MediaBuffer.canPlay(`${kindOf(codec)}/mp4; codecs="${codec}"`));
    return lacking.length > 0 ? lacking : codecs;
  }

  /** Whether the video shows this buffer rather than what an earlier one left on the screen. */
  get open() {
    return Boolean(this.#buffer);
  }

  /** Starts with, or goes on with, these tracks. Returns whether a new media source begins. */
  appendInit(bytes, mime) {
    const anew = !this.#media || !sameKinds(this.#mime, mime);
    if (anew) {
      this.#openMedia();
    }
    this.#mime = mime;
    this.#track = videoTrack(bytes);
    this.#enqueue({ bytes, mime });
    return anew;
  }

  appendFrame(bytes) {
    if (!this.#media) {
      return;
    }
    const keyTime = this.#track && keyFrameTime(bytes, this.#track);
    if (keyTime !== undefined) {
      this.#keyTimes.push(keyTime);
    }
    this.#enqueue({ bytes });
  }

  /** Forgets everything. The last picture stays on the screen until another media source has something to show. */
  close() {
    this.#media = undefined;
    this.#buffer = undefined;
    this.#mime = undefined;
    this.#appliedMime = undefined;
    this.#track = undefined;
    this.#keyTimes = [];
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  #openMedia() {
    this.close();
    const media = new MediaSourceOrManaged();
    const url = URL.createObjectURL(media);
    const onOpen = () => {
      URL.revokeObjectURL(url);
      this.#pump();
    };
    media.addEventListener('sourceopen', onOpen, { once: true });
    this.#media = media;
    this.#video.disableRemotePlayback = true; // a managed media source opens only with this
    this.#video.src = url;
  }

  #enqueue(item) {
    this.#queue.push(item);
    this.#queuedBytes += item.bytes.byteLength;
    if (this.#queuedBytes > QUEUE_MAX_BYTES) {
      this.#onFailed('The browser does not keep up with the stream.');
    } else {
      this.#pump();
    }
  }

  /** Appends as much as is waiting, in one go, whenever the SourceBuffer is free. */
  #pump() {
    if (this.#media?.readyState !== 'open' || this.#buffer?.updating || this.#queue.length === 0) {
      return;
    }
    const batch = this.#nextBatch();
    try {
      if (batch[0].mime) {
        this.#configure(batch[0].mime);
      }
      this.#buffer.appendBuffer(joined(batch));
    } catch (error) {
      this.#onRefused(error);
      return;
    }
    this.#queue.splice(0, batch.length);
    this.#queuedBytes -= bytesIn(batch);
  }

  /** The first item and the frames after it, up to the next initialisation segment. */
  #nextBatch() {
    let bytes = 0;
    const end = this.#queue.findIndex((item, index) => {
      bytes += item.bytes.byteLength;
      return index > 0 && (item.mime || bytes > APPEND_MAX_BYTES);
    });
    return end < 0 ? [...this.#queue] : this.#queue.slice(0, end);
  }

  #configure(mime) {
    if (!this.#buffer) {
      const buffer = this.#media.addSourceBuffer(mime);
      const refused = () => this.#onFailed('The browser refused the stream.');
      buffer.addEventListener('updateend', () => buffer === this.#buffer && this.#onUpdateEnd());
      buffer.addEventListener('error', () => buffer === this.#buffer && refused());
      this.#buffer = buffer;
    } else if (mime !== this.#appliedMime) {
      this.#buffer.changeType(mime);
    }
    this.#appliedMime = mime;
  }

  #onUpdateEnd() {
    this.#onUpdated();
    // A frame that came in between may have been appended already: this event was on its way then.
    if (this.#media?.readyState === 'open' && !this.#buffer.updating && !this.#trim(TRIM_BEHIND)) {
      this.#pump();
    }
  }

  /** A full buffer is emptied and asked again after that; anything else is final. */
  #onRefused(error) {
    if (error.name !== 'QuotaExceededError' || !this.#trim(0)) {
      this.#onFailed('The browser refused the stream.');
    }
  }

  /**
   * Removes what lies further behind the picture than this, up to a key frame: a removal reaches on to the next key
   * frame by itself, and must not reach past the picture. While the viewer pauses, what he will never see goes too.
   * Returns whether a removal is under way.
   */
  #trim(behindSeconds) {
    const { buffered, currentTime } = this.#video;
    if (buffered.length === 0) {
      return false;
    }
    const shown = Math.max(currentTime, buffered.end(buffered.length - 1) - TRIM_BEHIND);
    if (shown - buffered.start(0) < behindSeconds) {
      return false;
    }
    const limit = shown - Math.min(Math.max(behindSeconds, 1), KEEP_BEHIND);
    const until = this.#track ? this.#keyTimes.findLast((time) => time < limit) : limit;
    if (until === undefined || until < buffered.start(0) + 0.1) {
      return false;
    }
    this.#keyTimes = this.#keyTimes.filter((time) => time >= until);
    this.#buffer.remove(0, until);
    return true;
  }
}

/** A SourceBuffer takes new codecs, but never other kinds or numbers of tracks. */
function sameKinds(one, other) {
  return kindsOf(one) === kindsOf(other) && 'changeType' in SourceBuffer.prototype;
}

function kindsOf(mime) {
  return codecsOf(mime).map(kindOf).join(' ');
}

function bytesIn(batch) {
  return batch.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

function joined(batch) {
  const all = new Uint8Array(bytesIn(batch));
  let at = 0;
  for (const { bytes } of batch) {
    all.set(new Uint8Array(bytes), at);
    at += bytes.byteLength;
  }
  return all;
}
