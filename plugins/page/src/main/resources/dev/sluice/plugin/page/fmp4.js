// Reads the little that the low-delay player must know of fragmented MP4: when a video key frame is decoded. Media may
// be removed from a SourceBuffer only up to a key frame that was already shown, or the picture would freeze.
// ISO/IEC 14496-12 §8.

const TFHD_DEFAULT_FLAGS = 0x20;
const TRUN_DATA_OFFSET = 0x1;
const TRUN_FIRST_FLAGS = 0x4;
const TRUN_DURATIONS = 0x100;
const TRUN_SIZES = 0x200;
const TRUN_FLAGS = 0x400;
const NOT_A_KEY_FRAME = 0x10000;

/** The video track of an initialisation segment: `{ id, timescale }`, or undefined when there is none. */
export function videoTrack(init) {
  const view = new DataView(init);
  const moov = boxes(view, 0, view.byteLength).find((box) => box.type === 'moov');
  const traks = moov ? boxes(view, moov.from, moov.to).filter((box) => box.type === 'trak') : [];
  for (const trak of traks) {
    const handler = descend(view, trak, 'mdia', 'hdlr');
    const header = descend(view, trak, 'tkhd');
    const media = descend(view, trak, 'mdia', 'mdhd');
    if (handler && header && media && text(view, handler.from + 8) === 'vide') {
      return {
        id: view.getUint32(header.from + (view.getUint8(header.from) === 1 ? 20 : 12)),
        timescale: view.getUint32(media.from + (view.getUint8(media.from) === 1 ? 20 : 12)),
      };
    }
  }
  return undefined;
}

/** The decode time in seconds of the key frame that a one-frame fragment carries; undefined for any other frame. */
export function keyFrameTime(fragment, track) {
  const view = new DataView(fragment);
  const traf = descend(view, { from: 0, to: view.byteLength }, 'moof', 'traf');
  const tfhd = traf && descend(view, traf, 'tfhd');
  const tfdt = traf && descend(view, traf, 'tfdt');
  const trun = traf && descend(view, traf, 'trun');
  if (!tfhd || !tfdt || !trun || view.getUint32(tfhd.from + 4) !== track.id) {
    return undefined;
  }
  if (firstSampleFlags(view, tfhd, trun) & NOT_A_KEY_FRAME) {
    return undefined;
  }
  const long = view.getUint8(tfdt.from) === 1;
  return Number(long ? view.getBigUint64(tfdt.from + 4) : view.getUint32(tfdt.from + 4)) / track.timescale;
}

function firstSampleFlags(view, tfhd, trun) {
  const has = view.getUint32(trun.from);
  const afterOffset = trun.from + 8 + (has & TRUN_DATA_OFFSET ? 4 : 0);
  if (has & TRUN_FIRST_FLAGS) {
    return view.getUint32(afterOffset);
  }
  if (has & TRUN_FLAGS) {
    return view.getUint32(afterOffset + (has & TRUN_DURATIONS ? 4 : 0) + (has & TRUN_SIZES ? 4 : 0));
  }
  // The default flags are the last field of tfhd.
  return view.getUint32(tfhd.from) & TFHD_DEFAULT_FLAGS ? view.getUint32(tfhd.to - 4) : 0;
}

function descend(view, parent, ...path) {
  return path.reduce((box, type) => box && boxes(view, box.from, box.to).find((child) => child.type === type), parent);
}

/** The boxes between two offsets; `from` is where a box's content begins. */
function boxes(view, from, to) {
  const found = [];
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > to) {
      break;
    }
    found.push({ type: text(view, at + 4), from: at + 8, to: at + size });
    at += size;
  }
  return found;
}

function text(view, at) {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
