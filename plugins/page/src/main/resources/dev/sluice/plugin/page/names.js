// Stream names and the addresses made of them.

const APP_SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.~-]{0,63}$/;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.~=@+:-]{0,127}$/;

/** "live/demo" → itself when it can name a stream, otherwise undefined. The addresses below are built from such names. */
export function streamName(text) {
  const segments = (text ?? '').trim().split('/');
  const name = segments.pop();
  const isApp = segments.length >= 1 && segments.length <= 8 && segments.every((segment) => APP_SEGMENT.test(segment));
  return isApp && NAME.test(name) ? [...segments, name].join('/') : undefined;
}

export const hlsPath = (stream) => `/${stream}/index.m3u8`;
export const lowDelayPath = (stream) => `/${stream}.mp4`;

/** Where the page of one stream is. */
export function pagePath(stream) {
  return `/?stream=${encodeURIComponent(stream).replaceAll('%2F', '/')}`;
}

/** The RTMP server address an encoder asks for, such as rtmp://host/live. */
export function rtmpServer(app, port) {
  return `rtmp://${location.hostname}${port === 1935 ? '' : `:${port}`}/${app}`;
}

/** Every address of a stream, with its label; `rtmpPort` may be unknown. */
export function addresses(stream, rtmpPort) {
  const cut = stream.lastIndexOf('/');
  const http = [
    ['HTTP-FLV', `${location.origin}/${stream}.flv`],
    ['HLS', location.origin + hlsPath(stream)],
  ];
  if (!rtmpPort) {
    return http;
  }
  return [['RTMP', `${rtmpServer(stream.slice(0, cut), rtmpPort)}/${stream.slice(cut + 1)}`], ...http];
}
