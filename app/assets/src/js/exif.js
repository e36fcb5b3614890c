// Reads when and where a JPEG was taken from its EXIF block, before scaling throws that away.
// Source: Exif 2.32, sections 4.6.3 to 4.6.6.

const GPS_POINTER = 0x8825;
const EXIF_POINTER = 0x8769;
const TAKEN = 0x9003;
const TAKEN_OFFSET = 0x9011;
const SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

/** Find the TIFF block inside the APP1 segment; null where the file has none. */
function tiffOf(view) {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) {
      return new DataView(view.buffer, view.byteOffset + at + 10, Math.min(length - 8, view.byteLength - at - 10));
    }
    if (marker === 0xffda || marker >> 8 !== 0xff) return null;
    at += 2 + length;
  }
  return null;
}

function readDirectory(tiff, offset, isLittle) {
  const entries = new Map();
  const count = tiff.getUint16(offset, isLittle);
  for (let index = 0; index < count; index += 1) {
    const at = offset + 2 + 12 * index;
    const type = tiff.getUint16(at + 2, isLittle);
    const items = tiff.getUint32(at + 4, isLittle);
    const isInline = (SIZES[type] ?? 1) * items <= 4;
    const where = isInline ? at + 8 : tiff.getUint32(at + 8, isLittle);
    entries.set(tiff.getUint16(at, isLittle), { type, items, where });
  }
  return entries;
}

function text(tiff, entry) {
  if (!entry) return "";
  const bytes = new Uint8Array(tiff.buffer, tiff.byteOffset + entry.where, entry.items);
  return String.fromCharCode(...bytes).replace(/\0.*$/, "").trim();
}

function degrees(tiff, entry, reference, isLittle) {
  if (!entry || entry.items !== 3) return null;
  const [whole, minutes, seconds] = [0, 8, 16].map((step) => {
    const above = tiff.getUint32(entry.where + step, isLittle);
    return above / (tiff.getUint32(entry.where + step + 4, isLittle) || 1);
  });
  const value = whole + minutes / 60 + seconds / 3600;
  return /[SW]/.test(reference) ? -value : value;
}

function takenAt(tiff, entries) {
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(text(tiff, entries.get(TAKEN)));
  if (!parts) return null;
  const offset = text(tiff, entries.get(TAKEN_OFFSET));
  return `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${/^[+-]\d\d:\d\d$/.test(offset) ? offset : ""}`;
}

function positionOf(tiff, main, isLittle) {
  if (!main.has(GPS_POINTER)) return {};
  const gps = readDirectory(tiff, tiff.getUint32(main.get(GPS_POINTER).where, isLittle), isLittle);
  const latitude = degrees(tiff, gps.get(2), text(tiff, gps.get(1)), isLittle);
  const longitude = degrees(tiff, gps.get(4), text(tiff, gps.get(3)), isLittle);
  return latitude === null || longitude === null ? {} : { latitude, longitude };
}

/** Return {takenAt, latitude, longitude} as far as the first bytes of a JPEG tell them. */
export function readExif(buffer) {
  try {
    const tiff = tiffOf(new DataView(buffer));
    if (!tiff) return {};
    const isLittle = tiff.getUint16(0) === 0x4949;
    const main = readDirectory(tiff, tiff.getUint32(4, isLittle), isLittle);
    const position = positionOf(tiff, main, isLittle);
    if (!main.has(EXIF_POINTER)) return position;
    const exif = readDirectory(tiff, tiff.getUint32(main.get(EXIF_POINTER).where, isLittle), isLittle);
    return { ...position, takenAt: takenAt(tiff, exif) };
  } catch (problem) {
    if (problem instanceof RangeError) return {}; // a damaged block says nothing
    throw problem;
  }
}
