// A time-stamping authority for tests: tsa.js DIR [NAME]
// Gives:     RFC 3161 over HTTP, made of `openssl ts -reply`; prints its port, which the system gives it. DIR/mode says how
//            it answers: ok, down, garbage, replay, error. Requests are noted in DIR/log.
// Needs:     node, openssl; DIR holds tsa.cnf; with NAME it speaks TLS, with NAME.key and NAME.pem of there.
// Cleans up: nothing; it runs until it is killed.
'use strict';
const fs = require('fs');
const http = require('http');
const https = require('https');
const { spawnSync } = require('child_process');

const [dir, tls] = process.argv.slice(2);
let first = null; // the first answer, for the mode that repeats it

function reply(query) {
  fs.writeFileSync(`${dir}/q.tsq`, query);
  const r = spawnSync('openssl', ['ts', '-reply', '-config', `${dir}/tsa.cnf`, '-section', 'tsa', '-queryfile', `${dir}/q.tsq`], { cwd: dir });
  if (r.status !== 0) throw new Error(r.stderr.toString());
  first = first || r.stdout;
  return r.stdout;
}

function answer(res, query) {
  const mode = fs.readFileSync(`${dir}/mode`, 'utf8').trim();
  if (mode === 'down') return res.destroy();
  if (mode === 'error') { res.statusCode = 503; return res.end('busy'); }
  const body = mode === 'garbage' ? Buffer.from('no answer') : mode === 'replay' ? first : reply(query);
  res.setHeader('Content-Type', 'application/timestamp-reply');
  return res.end(body);
}

function take(req, res) {
  const parts = [];
  req.on('data', (c) => parts.push(c));
  req.on('end', () => {
    fs.appendFileSync(`${dir}/log`, `${req.headers['content-type']} ${req.headers.authorization || '-'}\n`);
    try { answer(res, Buffer.concat(parts)); } catch (e) { console.error(e); res.statusCode = 500; res.end(); }
  });
}

const server = tls
  ? https.createServer({ key: fs.readFileSync(`${dir}/${tls}.key`), cert: fs.readFileSync(`${dir}/${tls}.pem`) }, take)
  : http.createServer(take);
server.listen(0, '127.0.0.1', function listening() { console.log(this.address().port); });
