// A log manager's HTTP door for tests: collector.js KIND PORT FILE [CERT KEY [CLIENT-CA]]
// Gives:     a door that takes what it is sent and fails as it is told; says "ready" when it listens.
// Needs:     node; a port where nobody listens.
// Cleans up: nothing; it runs until it is killed, and FILE stays.
//
// KIND webhook: NDJSON; elastic: _bulk with create; splunk: HTTP Event Collector with acknowledgement.
// What was taken stands in FILE, one JSON object a line, before it is answered; a restart goes on with it.
// FILE.fault holds one word, read at every request, of what goes wrong (below); of several words each is
// for one request, and the last one stays ("none" is none). Environment: TOKEN, the
// value of Authorization; TLS, the one version spoken; CHAOS, how often (0..1) a request goes wrong at random;
// DELAY, milliseconds before each answer; REFUSE, a text that no message may hold; DIE and STUMBLE, one that it ends at, or answers 500 to; WRITE_ONLY, nobody may search (elastic); ACKS=no and ACK_MS of splunk. Requests are noted in FILE.requests.
'use strict';
const fs = require('fs');
const [kind, port, file, cert, key, ca] = process.argv.slice(2);
const env = process.env, chaos = Number(env.CHAOS || 0), refuse = env.REFUSE;
if (fs.existsSync(file)) { // a line that its death cut in half was never answered
  const before = fs.readFileSync(file);
  fs.truncateSync(file, before.lastIndexOf('\n') + 1);
}
const ids = new Map(); // of documents, with what they say of their record
if (kind === 'elastic' && fs.existsSync(file))
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) if (line) { const { _id, doc } = JSON.parse(line); ids.set(_id, doc); }

function fault() {
  let word = '';
  try {
    const words = fs.readFileSync(file + '.fault', 'utf8').trim().split(/\s+/);
    word = words.shift();
    if (words.length) fs.writeFileSync(file + '.fault', words.join(' '));
  } catch { /* none */ }
  if (!word && Math.random() < chaos)
    word = ['500', '503', '429', 'close', 'half', 'late', 'slow', 'items'][Math.floor(Math.random() * 8)];
  return word;
}
const keep = (objects) => fs.appendFileSync(file, objects.map((o) => JSON.stringify(o) + '\n').join(''));

function answer(res, status, body, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), ...headers });
  res.end(text);
}
// Faults that answer instead of the door; true when they did. "late" and "half": what was sent is taken.
function broken(word, res) {
  if (word === 'close') { res.destroy(); return true; }
  if (word === 'hang') return true;
  if (word === 'redirect') { answer(res, 307, '', { Location: 'https://127.0.0.1:1/elsewhere' }); return true; }
  if (word === 'garbage') { answer(res, 200, '<html>welcome</html>'); return true; }
  if (word === 'huge') { answer(res, 200, `{"items":[${'0,'.repeat(1 << 23)}0]}`); return true; }
  if (/^\d{3}$/.test(word)) { answer(res, Number(word), { text: 'a fault' }, { 'Retry-After': '1' }); return true; }
  return false;
}
function finish(word, res, status, body) {
  if (word === 'late') return answer(res, 500, { text: 'taken, and then a fault' });
  if (word === 'half') {
    res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': 10000 });
    return res.write(JSON.stringify(body).slice(0, 20), () => res.destroy());
  }
  if (word === 'slow') return setTimeout(() => answer(res, status, body), 300);
  return answer(res, status, body);
}

// ---- webhook

function webhook(req, res, text, word) {
  if (req.method !== 'POST' || req.url !== '/in') return answer(res, 404, { text: 'not here' });
  if (req.headers['content-type'] !== 'application/x-ndjson') return answer(res, 415, { text: 'NDJSON only' });
  const lines = text.split('\n');
  if (lines.pop() !== '') return answer(res, 400, { text: 'the last line is cut' });
  if (refuse && text.includes(refuse)) return answer(res, 422, { text: 'this is not wanted here' });
  for (const l of lines) JSON.parse(l);
  fs.appendFileSync(file, text);
  return finish(word, res, 202, { taken: lines.length });
}

// ---- Elasticsearch

function item(id, doc, index, word) {
  const one = (status, more) => ({ create: { _index: index, _id: id, ...more, status } });
  const wrong = (status, type, reason) => one(status, { error: { type, reason } });
  if (ids.has(id)) return wrong(409, 'version_conflict_engine_exception', `[${id}]: version conflict, document already exists`);
  if (word === 'items' && Math.random() < 0.3) return wrong(429, 'es_rejected_execution_exception', 'rejected execution of coordinating operation');
  if (word === 'noindex') return wrong(404, 'index_not_found_exception', `no such index [${index}]`);
  if (refuse && JSON.stringify(doc).includes(refuse)) return wrong(400, 'document_parsing_exception', '[1:2] failed to parse field [x]');
  if (/^logs-/.test(index) && !doc['@timestamp']) return wrong(400, 'document_parsing_exception', 'data stream timestamp field [@timestamp] is missing');
  ids.set(id, doc);
  keep([{ _id: id, doc }]);
  return one(201, { _version: 1, result: 'created', _shards: { total: 2, successful: 1, failed: 0 } });
}
// As filter_path and _source ask for it, which is always the same.
function search(res, text) {
  const { query } = JSON.parse(text), leaf = ({ event = {}, unmapped = {}, _leaf, leaf }) => ({ event: { hash: event.hash }, unmapped: { leaf: unmapped.leaf }, _leaf, leaf });
  if (env.WRITE_ONLY) return answer(res, 403, { error: { type: 'security_exception', reason: 'action [indices:data/read/search] is unauthorized' }, status: 403 });
  return answer(res, 200, { hits: { hits: query.ids.values.filter((id) => ids.has(id)).map((id) => ({ _id: id, _source: leaf(ids.get(id)) })) } });
}
function elastic(req, res, text, word) {
  if (req.method === 'POST' && /^\/[^/]+\/_search\?/.test(req.url)) return search(res, text);
  const at = /^\/([^/]+)\/_bulk(\?.*)?$/.exec(req.url);
  if (req.method !== 'POST' || !at) return answer(res, 405, { error: 'Incorrect HTTP method', status: 405 });
  if (req.headers['content-type'] !== 'application/x-ndjson') return answer(res, 406, { error: 'Content-Type is not supported', status: 406 });
  const lines = text.split('\n'), items = [];
  if (lines.pop() !== '') return answer(res, 400, { error: { type: 'illegal_argument_exception', reason: 'The bulk request must be terminated by a newline [\\n]' }, status: 400 });
  for (let i = 0; i < lines.length; i += 2) {
    const { create } = JSON.parse(lines[i]);
    items.push(item(create._id, JSON.parse(lines[i + 1]), decodeURIComponent(at[1]), word));
  }
  return finish(word, res, 200, { errors: items.some((i) => i.create.error), took: 3, items });
}

// ---- Splunk

const channels = new Map();
let acks = 0;
// Objects one behind the other, as Splunk reads them: not an array, not lines.
function objects(text) {
  const all = [];
  let depth = 0, quoted = false, escaped = false, from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) { if (escaped) escaped = false; else if (c === '\\') escaped = true; else if (c === '"') quoted = false; continue; }
    if (c === '"') quoted = true;
    else if (c === '{' && depth++ === 0) from = i;
    else if (c === '}' && --depth === 0) all.push(JSON.parse(text.slice(from, i + 1)));
    else if (depth === 0 && !/\s/.test(c)) throw new Error('no object');
  }
  return all;
}
function splunk(req, res, text, word) {
  const path = new URL(req.url, 'http://x').pathname, channel = req.headers['x-splunk-request-channel'];
  if (env.ACKS !== 'no' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(channel || '')) return answer(res, 400, { text: 'Data channel is missing', code: 10 });
  if (path === '/services/collector/ack') {
    if (env.ACKS === 'no') return answer(res, 400, { text: 'ACK is disabled', code: 14 });
    const known = channels.get(channel) || new Set(), said = {};
    for (const n of JSON.parse(text).acks) { said[n] = known.delete(n); }
    return answer(res, 200, { acks: said });
  }
  if (path !== '/services/collector/event') return answer(res, 404, { text: 'The requested URL was not found on this server.', code: 404 });
  let events;
  try { events = objects(text); } catch { return answer(res, 400, { text: 'Invalid data format', code: 6, 'invalid-event-number': 0 }); }
  const bad = events.findIndex((e) => !('event' in e) || (refuse && JSON.stringify(e).includes(refuse)));
  if (bad >= 0) return answer(res, 400, { text: 'Event field is required', code: 12, 'invalid-event-number': bad });
  if (env.ACKS === 'no') { keep(events); return finish(word, res, 200, { text: 'Success', code: 0 }); }
  const ackId = acks++;
  if (word !== 'lose') setTimeout(() => {
    keep(events);
    if (!channels.has(channel)) channels.set(channel, new Set());
    channels.get(channel).add(ackId);
  }, Number(env.ACK_MS || 50));
  return finish(word, res, 200, { text: 'Success', code: 0, ackId });
}

// ---- the door

const doors = { webhook, elastic, splunk };
const refused = { webhook: { text: 'who are you' }, elastic: { error: { type: 'security_exception', reason: 'unable to authenticate' }, status: 401 }, splunk: { text: 'Invalid token', code: 4 } };
function take(req, res) {
  const parts = [];
  req.on('data', (p) => parts.push(p));
  req.on('error', () => {});
  req.on('end', () => {
    const text = Buffer.concat(parts).toString('utf8'), word = /\/_search\?/.test(req.url) ? '' : fault();
    fs.appendFileSync(file + '.requests', JSON.stringify({ url: req.url, headers: req.headers, bytes: text.length, word }) + '\n');
    if (env.TOKEN && req.headers.authorization !== env.TOKEN) return answer(res, kind === 'splunk' ? 403 : 401, refused[kind]);
    if (env.DIE && text.includes(env.DIE)) process.exit(1);
    if (env.STUMBLE && text.includes(env.STUMBLE)) return answer(res, 500, { text: 'out of memory' });
    if (broken(word, res)) return undefined;
    return setTimeout(() => doors[kind](req, res, text, word), Number(env.DELAY || 0));
  });
}
const tls = cert && {
  cert: fs.readFileSync(cert), key: fs.readFileSync(key),
  ...(ca ? { ca: fs.readFileSync(ca), requestCert: true, rejectUnauthorized: true } : {}),
  ...(env.TLS ? { minVersion: `TLSv${env.TLS}`, maxVersion: `TLSv${env.TLS}` } : {}),
};
const server = tls ? require('https').createServer(tls, take) : require('http').createServer(take);
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
