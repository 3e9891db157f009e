// Keeps a video near the newest frame: joins there, plays a little faster when late, jumps when very late.

/** What both players say while the stream waits for its publisher. */
export const PUBLISHER_AWAY = 'The publisher is away. The stream goes on when he returns …';

// Seconds. The distance that is aimed at grows with every stall: a shaky network needs more.
const FIRST_TARGET = 0.3;
const MAX_TARGET = 1.2;
const TARGET_STEP = 0.1;
const HURRY_BEYOND_TARGET = 0.5;
const HURRY_RATE = 1.05;
const CALM_BEYOND_TARGET = 0.1;
const JUMP_BEHIND = 3;
const JUMP_AHEAD = 1;

/** The group of pictures so far arrives in a burst that nobody wants to watch at normal speed. */
const SETTLE_MS = 2000;

export class LiveEdge {
  #video;
  #target = FIRST_TARGET;
  #joinedAtMs = 0; // 0: not yet

  constructor(video) {
    this.#video = video;
  }

  get joined() {
    return this.#joinedAtMs > 0;
  }

  /** Seconds between the picture and the newest frame; NaN before the first picture. */
  get behind() {
    const { buffered, currentTime } = this.#video;
    return this.joined && buffered.length > 0 ? buffered.end(buffered.length - 1) - currentTime : NaN;
  }

  /** Another timeline begins: join again. */
  reset() {
    this.#joinedAtMs = 0;
  }

  /** Goes to where joining the stream now would go. */
  join() {
    this.#joinedAtMs = performance.now();
    this.jump();
  }

  jump() {
    const { buffered } = this.#video;
    if (this.joined && buffered.length > 0) {
      const last = buffered.length - 1;
      this.#video.playbackRate = 1;
      this.#video.currentTime = Math.max(buffered.start(last), buffered.end(last) - this.#target);
    }
  }

  /** Called whenever something arrived, and now and then. */
  follow() {
    const video = this.#video;
    if (!this.joined || video.paused || video.seeking || video.buffered.length === 0) {
      return;
    }
    const { behind } = this;
    const late = this.#target + HURRY_BEYOND_TARGET;
    if (behind > (this.#settling ? late : JUMP_BEHIND) || behind < -JUMP_AHEAD || this.#beforeGap) {
      this.jump();
    } else if (behind > late) {
      video.playbackRate = HURRY_RATE;
    } else if (behind < this.#target + CALM_BEYOND_TARGET) {
      video.playbackRate = 1;
    }
  }

  /** The picture had to wait for data. */
  onStall() {
    if (this.joined && !this.#settling && !this.#video.seeking) {
      this.#target = Math.min(this.#target + TARGET_STEP, MAX_TARGET);
    }
  }

  get #settling() {
    return performance.now() - this.#joinedAtMs < SETTLE_MS;
  }

  /** Nothing more to show here, but something further on: the server let this viewer jump, or frames were lost. */
  get #beforeGap() {
    const { buffered, currentTime, readyState } = this.#video;
    return readyState < HTMLMediaElement.HAVE_FUTURE_DATA && currentTime < buffered.start(buffered.length - 1);
  }
}
