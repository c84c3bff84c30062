"""A process that waits with a secret in its hands, looked at: secrets.py KIND PORT SECRET FOLDER GONE COMMAND…. It waits for a peer
that takes the login and then says nothing: KIND mail is a mail server with web.pem of FOLDER, http a door that wants
"Authorization: … SECRET", basic the same with SECRET in base64. GONE is a secret that was needed before: it is nowhere in memory."""
import base64, os, resource, signal, socket, ssl, subprocess, sys, threading

kind, port, secret, folder, gone = sys.argv[1:6]
command = sys.argv[6:]
door = socket.create_server(('127.0.0.1', int(port)))
logged_in = threading.Event()
said = []
login = {'mail': base64.b64encode(b'\0reports\0' + secret.encode()), 'http': secret.encode(), 'basic': base64.b64encode(secret.encode())}[kind]


def serve_mail():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + '/web.pem', folder + '/web.key')
    raw, _ = door.accept()
    c = context.wrap_socket(raw, server_side=True)
    c.sendall(b'220 silent.test ESMTP\r\n')
    f = c.makefile('rb')
    for line in f:
        said.append(line)
        if line.upper().startswith(b'EHLO'):
            c.sendall(b'250-silent.test\r\n250 AUTH PLAIN\r\n')
        elif line.upper().startswith(b'AUTH PLAIN') and len(line.split()) == 2:
            c.sendall(b'334 \r\n')
        else:
            logged_in.set()
            threading.Event().wait(60)


def serve_http():
    c, _ = door.accept()
    for line in c.makefile('rb'):
        said.append(line)
        if line == b'\r\n':
            logged_in.set()
            threading.Event().wait(60)


threading.Thread(target=serve_mail if kind == 'mail' else serve_http, daemon=True).start()
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
p = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
bad = []
if not logged_in.wait(60):
    bad.append('it did not log in')
elif login not in b''.join(said).split():
    bad.append('it did not log in by the secret')


def has_it(path, what):
    """Whether the secret stands there; what this account may not read of a process that cannot be dumped is closed."""
    try:
        return what.encode() in open(path, 'rb').read()
    except PermissionError:
        return False


def memory_has(what):
    """Whether it stands in what the process can write to; None: its memory is closed to this account."""
    found = False
    try:
        with open(f'/proc/{p.pid}/mem', 'rb', 0) as mem:
            for line in open(f'/proc/{p.pid}/maps'):
                span, rights = line.split()[:2]
                if not rights.startswith('rw'):
                    continue
                low, high = (int(x, 16) for x in span.split('-'))
                if high - low > 1 << 32:  # the books of a sanitizer, which has no bytes of ours
                    continue
                try:
                    mem.seek(low)
                    found = found or what.encode() in mem.read(high - low)
                except (OSError, OverflowError):
                    pass
    except PermissionError:
        return None
    return found


for what in (secret, gone):
    for name in ('cmdline', 'environ'):
        if has_it(f'/proc/{p.pid}/{name}', what):
            bad.append(f'a secret stands in {name}')
    for child in open(f'/proc/{p.pid}/task/{p.pid}/children').read().split():
        if has_it(f'/proc/{child}/environ', what):
            bad.append('a child has it')
# That it is looked for in the right place shows what is needed now: that is there.
if memory_has(login.decode()) is False and memory_has(secret) is False:
    bad.append('what is sent now stands nowhere in memory: the search is wrong')
if memory_has(gone):
    bad.append('what was needed before still stands in memory')
# Of root's processes root owns the memory either way: there the core alone tells.
if os.getuid() != 0 and os.stat(f'/proc/{p.pid}/mem').st_uid != 0:
    bad.append('its memory is not closed')
p.send_signal(signal.SIGABRT)
_, status = os.waitpid(p.pid, 0)
if os.WCOREDUMP(status):
    bad.append('it leaves a core')
print('; '.join(bad) or 'nothing is seen')
sys.exit(1 if bad else 0)
