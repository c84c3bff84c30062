// Verifies a folder of c2sp.org/tlog-tiles from its specification, without a line of assay.
// Gives:     what it found, as JSON; status 1 and a reason when anything does not hold.
// Needs:     node.
// Cleans up: it writes nothing but its output.
//   node tiles.js DIR [VKEY-FILE]   prints {"size", "tiles", "entries", "minimum"}
// Every hash is recomputed: records -> leaves -> tiles of every level -> root -> signature. Files
// that do not belong there are named. minimum: records below have hashes only.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const sha = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (rec) => sha(Buffer.from([0]), rec);
const nodeOf = (l, r) => sha(Buffer.from([1]), l, r);
const fail = (why) => { console.error(why); process.exit(1); };

function openNote(note, vkeyText) {
  const [, name, id, b64] = vkeyText.trim().match(/^([^+]+)\+([0-9a-f]{8})\+(\S*)/);
  const raw = Buffer.from(b64, 'base64').subarray(1);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  const key = crypto.createPublicKey({ key: der, format: 'der', type: 'spki' });
  const at = note.lastIndexOf('\n\n'), text = note.slice(0, at + 1);
  for (const line of note.slice(at + 2).trim().split('\n')) {
    const [, who, sig64] = line.split(' ');
    const sig = Buffer.from(sig64, 'base64');
    if (who === name && sig.subarray(0, 4).toString('hex') === id &&
        crypto.verify(null, Buffer.from(text), key, sig.subarray(4))) return text.split('\n');
  }
  return fail('no signature holds');
}

// MTH of RFC 6962 section 2.1.
function mth(v, from = 0, to = v.length) {
  if (from === to) return sha();
  if (to - from === 1) return v[from];
  let k = 1;
  while (2 * k < to - from) k *= 2;
  return nodeOf(mth(v, from, from + k), mth(v, from + k, to));
}

function fileOf(kind, n, width) {
  let rest = Math.floor(n / 1000), name = String(n % 1000).padStart(3, '0');
  for (; rest > 0; rest = Math.floor(rest / 1000)) name = `x${String(rest % 1000).padStart(3, '0')}/${name}`;
  return `tile/${kind}/${name}${width < 256 ? `.p/${width}` : ''}`;
}

function* walk(dir, below = '') {
  for (const e of fs.readdirSync(path.join(dir, below), { withFileTypes: true })) {
    const name = below ? `${below}/${e.name}` : e.name;
    if (e.isDirectory()) yield* walk(dir, name);
    else yield name;
  }
}

const [dir, vkeyFile] = process.argv.slice(2);
const at = (name) => path.join(dir, name);
const [, sizeText, root] = openNote(fs.readFileSync(at('checkpoint'), 'utf8'), fs.readFileSync(vkeyFile || at('vkeys'), 'utf8').trim().split('\n').pop());
const size = Number(sizeText);
const known = new Set(['checkpoint', 'vkeys']);
const sum = { size, tiles: 0, entries: 0, minimum: 0 };

function readHashes(level, n, width) {
  const name = fileOf(level, n, width), bytes = fs.readFileSync(at(name));
  if (bytes.length !== 32 * width) fail(`${name}: ${bytes.length} bytes`);
  known.add(name);
  sum.tiles++;
  return Array.from({ length: width }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}

function checkEntries(n, width, hashes) {
  const name = fileOf('entries', n, width);
  if (!fs.existsSync(at(name))) {
    if (sum.entries > 0) fail(`${name} is missing, and older ones are there`);
    sum.minimum = n * 256 + width;
    return;
  }
  known.add(name);
  let bytes = fs.readFileSync(at(name));
  for (let i = 0; i < width; i++) {
    const len = bytes.readUInt16BE(0), rec = bytes.subarray(2, 2 + len);
    if (!leafOf(rec).equals(hashes[i])) fail(`${name}: entry ${i} does not have the hash of the tile`);
    if (JSON.parse(rec).seq !== n * 256 + i) fail(`${name}: entry ${i} is another record`);
    bytes = bytes.subarray(2 + len);
    sum.entries++;
  }
  if (bytes.length) fail(`${name}: bytes at the end`);
}

let below = null, leaves = null;
for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / 256)) {
  const all = [];
  for (let n = 0; n * 256 < count; n++) {
    const width = Math.min(256, count - n * 256), hashes = readHashes(level, n, width);
    if (level === 0) checkEntries(n, width, hashes);
    hashes.forEach((h, i) => {
      const first = (n * 256 + i) * 256;
      if (below && !mth(below, first, first + 256).equals(h)) fail(`tile/${level}/${n}: hash ${i} is wrong`);
    });
    all.push(...hashes);
  }
  leaves = leaves || all;
  below = all;
}
if (mth(leaves || []).toString('base64') !== root) fail('the tiles have another root');
for (const name of walk(dir)) {
  const old = name.match(/^(tile\/.+)\.p\/\d+$/);
  if (old && known.has(old[1])) fail(`${name}: partial, and the full one is there`);
  if (!old && !known.has(name)) fail(`${name} does not belong here`);
}
console.log(JSON.stringify(sum));
