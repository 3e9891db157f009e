// Codecs as media types name them, and as people do.

const AUDIO = /^(mp4a|opus|flac|ac-3|ec-3)/i;

/** What every browser plays. */
const PLAIN = { video: 'H.264', audio: 'AAC' };

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

/**
 * Why there is no picture, and what to do about it. HLS is the address to take elsewhere: far more programs read the
 * newer codecs from it than from RTMP.
 *
 * @param who 'This browser', or what else lacks the codecs
 */
export function notPlayed(who, codecs) {
  const plain = [...new Set(codecs.map((codec) => PLAIN[kindOf(codec)]))].join(' and ');
  const players = 'open the HLS address of the stream in VLC, mpv or ffplay';
  return `${who} does not play ${codecs.map(codecName).join(' and ')}: ${players}, or publish plain ${plain}.`;
}

/** The same where MP4, and so HLS, does not carry the codecs, which the server calls by their names. */
export function notCarried(names) {
  const players = 'VLC, mpv or ffplay may play the RTMP or HTTP-FLV address of the stream';
  return `No browser gets ${names.join(' and ')} from here: ${players}.`;
}
