// Codecs as media types name them, and as people do.

const AUDIO = /^(mp4a|opus|flac|ac-3|ec-3)/i;

/** What a viewer can do whose browser lacks a codec. */
export const ELSEWHERE = 'VLC, mpv or ffplay may play it from the HTTP-FLV or RTMP address of the stream.';

const CODEC_NAMES = {
  avc1: 'H.264',
  hvc1: 'H.265',
  av01: 'AV1',
  vp09: 'VP9',
  opus: 'Opus',
  flac: 'FLAC',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
  'mp4a.69': 'MP3',
  'mp4a.6b': 'MP3',
  mp4a: 'AAC',
};

/** "hvc1.2.4.L60.90" → "H.265"; a codec without a name is called what the stream calls it */
export function codecName(codec) {
  const known = codec.toLowerCase();
  return CODEC_NAMES[known] ?? CODEC_NAMES[known.split('.')[0]] ?? codec;
}

/** 'video/mp4; codecs="avc1.64001f, opus"' → ["avc1.64001f", "opus"] */
export function codecsOf(mime) {
  return (/codecs="([^"]*)"/.exec(mime)?.[1].split(',') ?? []).map((codec) => codec.trim());
}

/** "opus" → "audio" */
export function kindOf(codec) {
  return AUDIO.test(codec) ? 'audio' : 'video';
}
