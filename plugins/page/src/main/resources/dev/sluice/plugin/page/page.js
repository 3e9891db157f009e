// The page: asks what is live, shows it, and keeps the chosen stream in the address bar.

import './players.js';
import './publish.js';
import './streams.js';
import './watch.js';
import { setText } from './dom.js';
import { StreamFeed } from './feed.js';
import { pagePath, streamName } from './names.js';

const watch = document.getElementById('watch');
const streams = document.getElementById('streams');
const publish = document.getElementById('publish');
const serverState = document.getElementById('server-state');

let chosen; // by the viewer, who alone changes the address bar
let automatic; // by the page, when one stream is live and nothing is chosen
let left = false; // the viewer closed the players: nothing opens by itself any more

function show() {
  const stream = chosen ?? automatic;
  watch.show(stream);
  streams.select(stream);
  document.title = stream ? `${stream} – Sluice` : 'Sluice';
}

function fromAddress() {
  const asked = new URLSearchParams(location.search).get('stream');
  chosen = streamName(asked);
  setText(serverState, asked && !chosen ? 'That is no stream name: write application/name, such as live/demo.' : '');
  show();
}

function choose(stream) {
  chosen = stream;
  automatic = undefined;
  left = !stream;
  history.pushState(null, '', stream ? pagePath(stream) : '/');
  show();
  if (stream) {
    watch.scrollIntoView({ behavior: 'smooth', block: 'start' });
  }
}

function onUpdate(answer) {
  const names = answer.streams.map(({ app, name }) => `${app}/${name}`);
  if (!chosen && !left && names.length === 1) {
    automatic = names[0];
  }
  streams.update(answer);
  publish.update(answer);
  show();
  const watched = answer.streams[names.indexOf(chosen ?? automatic)];
  watch.update(answer.listeners.rtmp, watched);
  document.body.dataset.server = 'answers';
}

function onLost() {
  document.body.dataset.server = 'lost';
  setText(serverState, 'The server does not answer. Trying again …');
}

streams.addEventListener('choose', ({ detail }) => choose(detail));
watch.addEventListener('leave', () => choose(undefined));
addEventListener('popstate', fromAddress);

const feed = new StreamFeed();
feed.addEventListener('update', ({ detail }) => {
  if (document.body.dataset.server === 'lost') {
    setText(serverState, '');
  }
  onUpdate(detail);
});
feed.addEventListener('lost', onLost);
fromAddress();
feed.start();
