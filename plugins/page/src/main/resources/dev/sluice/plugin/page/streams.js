// <sluice-streams>: a card for each live stream. A refresh writes into the cards that are there already.

import { make, setText } from './dom.js';
import { bitRate, count, drift, duration, repairs, silence, track } from './format.js';
import { pagePath } from './names.js';

/** Sends `choose` events with the name of the stream that was clicked. */
export class SluiceStreams extends HTMLElement {
  #cards = new Map(); // by stream name
  #grid = make('ul', { class: 'cards' });
  #empty = make('p', { class: 'empty', hidden: '' });

  connectedCallback() {
    this.append(this.#empty, this.#grid);
  }

  /** @param answer the parsed /-/streams.json */
  update({ streams, listsAll, nowMs }) {
    const live = new Set(streams.map(nameOf));
    for (const [name, card] of this.#cards) {
      if (!live.has(name)) {
        card.element.remove();
        this.#cards.delete(name);
      }
    }
    for (const stream of streams) {
      this.#cardOf(nameOf(stream)).show(stream, nowMs);
    }
    this.#empty.hidden = streams.length > 0;
    setText(this.#empty, emptyText(listsAll));
  }

  /** Marks the card of the stream that is being watched. */
  select(selected) {
    for (const [name, card] of this.#cards) {
      card.select(name === selected);
    }
  }

  #cardOf(name) {
    if (!this.#cards.has(name)) {
      const card = new Card(name, () => this.dispatchEvent(new CustomEvent('choose', { detail: name })));
      this.#cards.set(name, card);
      this.#grid.append(card.element);
    }
    return this.#cards.get(name);
  }
}

const SILENT_MS = 3000; // less happens to sparse streams
const DRIFT_MS = 100; // less is not noticed

const faultLine = () => make('p', { class: 'fault', hidden: '' });

class Card {
  #link;
  #tracks = make('p', { class: 'tracks' });
  #waiting = make('p', { class: 'waiting', hidden: '' }, 'Waiting for its publisher');
  #silent = faultLine();
  #gaps = faultLine();
  #repairs = faultLine();
  #drift = faultLine();
  #figures = new Map();

  constructor(name, onChoose) {
    const figures = make('dl', { class: 'figures' });
    for (const label of ['Bit rate', 'Frames', 'Viewers', 'Live for']) {
      const value = make('dd');
      this.#figures.set(label, value);
      figures.append(make('div', {}, make('dt', {}, label), value));
    }
    const title = make('h3', {}, name);
    const link = { class: 'card', href: pagePath(name), 'data-stream': name };
    const faults = [this.#silent, this.#gaps, this.#repairs, this.#drift];
    this.#link = make('a', link, title, this.#tracks, this.#waiting, figures, ...faults);
    this.#link.addEventListener('click', (event) => {
      if (!event.metaKey && !event.ctrlKey && !event.shiftKey) {
        event.preventDefault();
        onChoose();
      }
    });
    this.element = make('li', {}, this.#link);
  }

  show(stream, nowMs) {
    setText(this.#tracks, stream.tracks.map(track).join(' · ') || 'No media yet');
    this.#waiting.hidden = !stream.waiting;
    this.#figure('Bit rate', bitRate(stream.bitsPerSecond));
    this.#figure('Frames', stream.framesPerSecond > 0 ? `${Math.round(stream.framesPerSecond)} per s` : '–');
    this.#figure('Viewers', String(stream.viewers));
    this.#figure('Live for', duration(nowMs - stream.startedAtMs));
    this.#line(this.#silent, stream.silentMs < SILENT_MS || stream.waiting ? '' : silence(stream.silentMs));
    this.#line(this.#gaps, stream.gaps === 0 ? '' : `${count(stream.gaps, 'gap')}, ${duration(stream.gapMs)} in all`);
    this.#line(this.#repairs, repairs(stream.repairs));
    this.#line(this.#drift, Math.abs(stream.driftMs) < DRIFT_MS ? '' : drift(stream.driftMs));
  }

  select(selected) {
    this.#link.toggleAttribute('aria-current', selected);
  }

  #line(element, text) {
    element.hidden = text === '';
    setText(element, text);
  }

  #figure(label, text) {
    setText(this.#figures.get(label), text);
  }
}

function nameOf({ app, name }) {
  return `${app}/${name}`;
}

function emptyText(listsAll) {
  return listsAll
    ? 'Nothing is live yet. Point an encoder at this server and the picture appears here by itself.'
    : 'No listed stream is live. Streams of applications without “listed: true” play by name only.';
}

customElements.define('sluice-streams', SluiceStreams);
