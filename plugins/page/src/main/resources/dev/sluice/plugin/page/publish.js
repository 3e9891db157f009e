// <sluice-publish>: how to get a stream onto this server, with its own address filled in.

import { copyLine, make } from './dom.js';
import { rtmpServer } from './names.js';

export class SluicePublish extends HTMLElement {
  #shown;

  /** @param answer the parsed /-/streams.json */
  update({ listeners, listsAll, streams }) {
    const port = listeners.rtmp;
    const name = freeName(streams);
    const shown = `${port} ${listsAll} ${name}`;
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.replaceChildren(
        ...(port ? waysToPublish(port, listsAll, name) : [make('p', {}, 'This server takes no RTMP.')]),
      );
    }
  }
}

/** A name that nobody publishes now: a second publisher of a name is refused. */
function freeName(streams) {
  const taken = new Set(streams.filter(({ app }) => app === 'live').map(({ name }) => name));
  let name = 'mystream';
  for (let number = 2; taken.has(name); number++) {
    name = `mystream${number}`;
  }
  return name;
}

function waysToPublish(port, anyone, name) {
  const server = rtmpServer('live', port);
  const key = anyone ? name : `${name}?key=SECRET`;
  const ffmpeg =
    'ffmpeg -re -f lavfi -i testsrc2=size=1280x720:rate=30 -f lavfi -i sine -c:v libx264 -preset veryfast ' +
    `-tune zerolatency -pix_fmt yuv420p -g 60 -c:a aac -f flv "${server}/${key}"`;
  return [
    make(
      'div',
      { class: 'ways' },
      way('OBS Studio', [
        make('p', {}, 'Settings → Stream → Service “Custom …”'),
        labelled('Server', server),
        labelled('Stream key', key),
      ]),
      way('FFmpeg', [make('p', {}, 'A moving test picture with a tone:'), copyLine(ffmpeg)]),
    ),
    make('p', { class: 'hint' }, hint(anyone)),
  ];
}

function hint(anyone) {
  return anyone
    ? 'This server listens on this machine only. A key frame every two seconds lets viewers start fast.'
    : 'The server’s configuration says who may publish; where an application asks for keys, write it as shown.';
}

function way(title, parts) {
  return make('div', { class: 'way' }, make('h3', {}, title), ...parts);
}

function labelled(label, text) {
  return make('div', { class: 'address' }, make('span', { class: 'address-label' }, label), copyLine(text));
}

customElements.define('sluice-publish', SluicePublish);
