// Hands our checkpoints and proofs to @sigstore/verify, which shares no line with assay.
//   node audit/sigstore.js NODE_MODULES VKEY-FILE PROOF…     prints "N accepted, M changed ones refused"
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const [modules, vkeyFile, ...files] = process.argv.slice(2);
const from = (name) => require(path.resolve(modules, '@sigstore/verify/dist/tlog', name));
const { verifyCheckpoint } = from('checkpoint.js');
const { verifyMerkleInclusion } = from('merkle.js');

// The library knows a log by the name in its checkpoints (baseURL) and the id of its key.
function logOf(text) {
  const [, name, id, b64] = text.trim().match(/^([^+]+)\+([0-9a-f]{8})\+(.*)$/);
  const raw = Buffer.from(b64, 'base64').subarray(1);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return { logID: Buffer.from(id, 'hex'), baseURL: name, publicKey: crypto.createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

function entryOf(text) {
  const gap = text.indexOf('\n\n');
  const [, extra, index, ...hashes] = text.slice(0, gap).split('\n');
  const note = text.slice(gap + 2);
  return {
    canonicalizedBody: Buffer.from(extra.replace(/^extra /, ''), 'base64'),
    inclusionProof: {
      logIndex: index.replace(/^index /, ''),
      treeSize: note.split('\n')[1],
      hashes: hashes.map((h) => Buffer.from(h, 'base64')),
      checkpoint: { envelope: note },
    },
  };
}

const logs = [logOf(fs.readFileSync(vkeyFile, 'utf8'))];
const check = (e) => verifyMerkleInclusion(e, verifyCheckpoint(e, logs));
const copy = (e) => ({
  canonicalizedBody: Buffer.from(e.canonicalizedBody),
  inclusionProof: { ...e.inclusionProof, hashes: e.inclusionProof.hashes.map((h) => Buffer.from(h)), checkpoint: { ...e.inclusionProof.checkpoint } },
});

const changeNote = (change) => (e) => { e.inclusionProof.checkpoint.envelope = change(e.inclusionProof.checkpoint.envelope); };
const changes = [
  (e) => { e.canonicalizedBody[3] ^= 1; },
  (e) => { e.inclusionProof.hashes[0][0] ^= 1; },
  (e) => { e.inclusionProof.hashes.pop(); },
  (e) => { e.inclusionProof.hashes.push(Buffer.alloc(32)); },
  (e) => { e.inclusionProof.logIndex = String(BigInt(e.inclusionProof.logIndex) ^ 1n); },
  changeNote((n) => n.replace(/\n(\d+)\n/, (m, size) => `\n${BigInt(size) + 1n}\n`)),
  changeNote((n) => n.replace(/\n([A-Za-z0-9+/]{43}=)\n/, (m, root) => `\n${root[0] === 'A' ? 'B' : 'A'}${root.slice(1)}\n`)),
  changeNote((n) => n.replace(/^[^\n]*/, 'another/log')),
  changeNote((n) => n.replace(/ ([A-Za-z0-9+/]{8})([A-Za-z0-9+/])/, (m, id, c) => ` ${id}${c === 'A' ? 'B' : 'A'}`)),
];

let accepted = 0, refused = 0;
for (const file of files) {
  const entry = entryOf(fs.readFileSync(file, 'utf8'));
  check(entry);
  accepted++;
  changes.forEach((change, i) => {
    const bent = copy(entry);
    change(bent);
    try { check(bent); } catch (e) { refused++; return; }
    console.error(`${file}: change ${i} was accepted`);
  });
}
console.log(`${accepted} accepted, ${refused} changed ones refused`);
process.exit(accepted === files.length && refused === files.length * changes.length ? 0 : 1);
