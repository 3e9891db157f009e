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
