// Numbers and names as a person reads them.

/** 2450000 → "2.5 Mbit/s" */
export function bitRate(bitsPerSecond) {
  return bitsPerSecond >= 1_000_000
    ? `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`
    : `${Math.round(bitsPerSecond / 1000)} kbit/s`;
}

/** 65 seconds → "1 min 05 s" */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const two = (number) => String(number).padStart(2, '0');
  if (hours >= 48) {
    return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  }
  if (hours > 0) {
    return `${hours} h ${two(minutes % 60)} min`;
  }
  return minutes > 0 ? `${minutes} min ${two(seconds % 60)} s` : `${seconds} s`;
}

/** 0.314 → "0.31 s", 12.34 → "12.3 s"; nothing known → "–" */
export function delay(seconds) {
  return Number.isFinite(seconds) ? `${Math.max(0, seconds).toFixed(seconds < 10 ? 2 : 1)} s` : '–';
}

/** "H.264 1280×720" or "AAC 48 kHz stereo" */
export function track({ codec, width, height, sampleRateHz, channels }) {
  const parts = [codec];
  if (width && height) {
    parts.push(`${width}×${height}`);
  }
  if (sampleRateHz) {
    parts.push(`${sampleRateHz / 1000} kHz`);
  }
  if (channels) {
    parts.push({ 1: 'mono', 2: 'stereo' }[channels] ?? `${channels} channels`);
  }
  return parts.join(' ');
}

/** 1, "viewer" → "1 viewer"; 2 → "2 viewers" */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Milliseconds since 1970 → "14:03:07", by the clock of the viewer */
export function timeOfDay(milliseconds) {
  return new Date(milliseconds).toLocaleTimeString([], { hour12: false });
}

const REPAIRS = {
  order: 'out of order',
  'jump-back': 'clock jumped back',
  'jump-ahead': 'clock jumped ahead',
  'pts-before-dts': 'shown before decoded',
  composition: 'shown far too late',
  runaway: 'a day ahead',
};

/** { "order": 3, "jump-back": 1 } → "Times of the publisher mended: 3× out of order, 1× clock jumped back" */
export function repairs(byRule) {
  const parts = Object.entries(byRule).map(([rule, times]) => `${times}× ${REPAIRS[rule] ?? rule}`);
  return parts.length === 0 ? '' : `Times of the publisher mended: ${parts.join(', ')}`;
}

/** 120 → "Sound has run 120 ms ahead of the picture" */
export function drift(milliseconds) {
  const direction = milliseconds > 0 ? 'ahead of' : 'behind';
  return `Sound has run ${Math.abs(milliseconds)} ms ${direction} the picture`;
}

/** 4100 → "Nothing has come for 4 s" */
export function silence(milliseconds) {
  return `Nothing has come for ${duration(milliseconds)}`;
}
