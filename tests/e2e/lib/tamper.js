// What an auditor and an attacker need, written without a line of assay.
// Gives:     verdicts on proofs and roots; statements of SQL that change a log, for sql.sh.
// Needs:     node; records as "SELECT seq, HEX(rec) FROM audit_log ORDER BY seq" writes them, where it says so.
// Cleans up: it writes nothing but its output.
//   node tamper.js proof FILE VKEY-FILE     checks a proof by its specification
//   node tamper.js root < leaves           the root of leaves in hex, in base64
//   node tamper.js age COUNT DAYS < records  SQL that makes the first COUNT so many days older
//   node tamper.js prune MINIMUM [NOTE] < records  SQL that appends a forged audit.prune
//   node tamper.js rebuild SEQ < records    SQL that changes record SEQ and mends the chain
'use strict';
const crypto = require('crypto');
const fs = require('fs');

const sha = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (rec) => sha(Buffer.from([0]), rec);
const nodeOf = (l, r) => sha(Buffer.from([1]), l, r);

function keyOf(text) {
  const [, name, id, b64] = text.trim().match(/^([^+]+)\+([0-9a-f]{8})\+(.*)$/);
  const raw = Buffer.from(b64, 'base64').subarray(1);
  const want = sha(Buffer.from(`${name}\n\x01`), raw).subarray(0, 4).toString('hex');
  if (want !== id) throw new Error('the id is not the key\'s');
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return { name, id, key: crypto.createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

function openNote(note, k) {
  const at = note.lastIndexOf('\n\n');
  const text = note.slice(0, at + 1);
  for (const line of note.slice(at + 2).trim().split('\n')) {
    const [dash, name, b64] = line.split(' ');
    const sig = Buffer.from(b64, 'base64');
    if (dash === '—' && name === k.name && sig.subarray(0, 4).toString('hex') === k.id &&
        crypto.verify(null, Buffer.from(text), k.key, sig.subarray(4))) return text;
  }
  throw new Error('no signature holds');
}

// RFC 6962 section 2.1.1 read backwards: which half of n leaves is the record in?
function rootFrom(leaf, at, n, path) {
  if (n === 1) return leaf;
  let k = 1;
  while (2 * k < n) k *= 2;
  const top = path[path.length - 1], rest = path.slice(0, -1);
  return at < k ? nodeOf(rootFrom(leaf, at, k, rest), top) : nodeOf(top, rootFrom(leaf, at - k, n - k, rest));
}

function checkProof(file, vkeyFile) {
  const text = fs.readFileSync(file, 'utf8');
  const gap = text.indexOf('\n\n');
  const [head, extra, index, ...hashes] = text.slice(0, gap).split('\n');
  if (head !== 'c2sp.org/tlog-proof@v1') throw new Error('another format');
  const record = Buffer.from(extra.replace(/^extra /, ''), 'base64');
  const at = Number(index.replace(/^index /, ''));
  const [, size, root] = openNote(text.slice(gap + 2), keyOf(fs.readFileSync(vkeyFile, 'utf8'))).split('\n');
  const got = rootFrom(leafOf(record), at, Number(size), hashes.map((h) => Buffer.from(h, 'base64')));
  if (got.toString('base64') !== root) throw new Error('the proof leads to another root');
  console.log(`record ${at} of ${size}: ${JSON.parse(record).event}`);
}

function rebuild(target) {
  let prev = null;
  for (const line of fs.readFileSync(0, 'latin1').trim().split('\n')) {
    const [seq, hex] = line.split('\t');
    let rec = Buffer.from(hex, 'hex').toString();
    if (Number(seq) === target) rec = rec.replace('"host":"', '"host":"x');
    if (prev && Number(seq) > target) rec = rec.replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`);
    const bytes = Buffer.from(rec), leaf = leafOf(bytes).toString('hex');
    if (Number(seq) >= target) console.log(`UPDATE audit_log SET rec = x'${bytes.toString('hex')}', leaf = x'${leaf}' WHERE seq = ${seq};`);
    prev = leaf;
  }
  console.log(`UPDATE audit_head SET last = x'${prev}';`);
}

const records = () => fs.readFileSync(0, 'latin1').trim().split('\n').map((line) => line.split('\t'))
  .map(([seq, hex]) => ({ seq: Number(seq), rec: Buffer.from(hex, 'hex').toString() }));
const relink = (rec, prev) => rec.replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`);

function age(count, days) {
  let prev = '0'.repeat(64);
  for (const { seq, rec } of records()) {
    const ts = rec.match(/"ts":"([^"]*)"/)[1];
    const then = new Date(Date.parse(ts) - days * 86400000).toISOString().slice(0, 19) + ts.slice(19);
    const is = seq < count ? then : ts;
    const bytes = Buffer.from(relink(rec, prev).replace(ts, is));
    prev = leafOf(bytes).toString('hex');
    console.log(`UPDATE audit_log SET rec = x'${bytes.toString('hex')}', leaf = x'${prev}', ts = '${is.replace('T', ' ').slice(0, -1)}' WHERE seq = ${seq};`);
  }
  console.log(`UPDATE audit_head SET last = x'${prev}';`);
}

// The newest permission to prune, once more with another minimum, behind the end of the log.
function prune(minimum, noteFile) {
  const all = records(), last = all[all.length - 1], model = all.filter((r) => r.rec.includes('"event":"audit.prune"')).pop();
  const seq = last.seq + 1, prev = leafOf(Buffer.from(last.rec)).toString('hex');
  let rec = relink(model.rec, prev).replace(/"seq":[0-9]+/, `"seq":${seq}`)
    .replace(/("f":"minimum","new":")[0-9]+/, `$1${minimum}`);
  if (noteFile) rec = rec.replace(/("f":"note","new":)"[^"]*"/, `$1${JSON.stringify(fs.readFileSync(noteFile, 'utf8'))}`);
  const bytes = Buffer.from(rec), leaf = leafOf(bytes).toString('hex');
  console.log(`INSERT INTO audit_log (seq, ts, event, object_type, object_id, outcome, leaf, rec) SELECT ${seq}, ts, event, object_type, object_id, outcome, x'${leaf}', x'${bytes.toString('hex')}' FROM audit_log WHERE seq = ${model.seq};`);
  console.log(`UPDATE audit_head SET size = ${seq + 1}, last = x'${leaf}';`);
}

function root(v) {
  if (v.length === 1) return v[0];
  let k = 1;
  while (2 * k < v.length) k *= 2;
  return nodeOf(root(v.slice(0, k)), root(v.slice(k)));
}

const [what, one, two] = process.argv.slice(2);
if (what === 'proof') checkProof(one, two);
else if (what === 'root') console.log(root(fs.readFileSync(0, 'latin1').trim().split('\n').map((h) => Buffer.from(h, 'hex'))).toString('base64'));
else if (what === 'age') age(Number(one), Number(two));
else if (what === 'prune') prune(Number(one), two);
else rebuild(Number(one));
