"""A process that waits with a secret in its hands, looked at: secrets.py ASSAY SECRET FOLDER. The mail server is one that
takes the login and then says nothing."""
import base64, os, resource, signal, socket, ssl, subprocess, sys, threading

assay, secret, folder = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + '/web.pem', folder + '/web.key')
door = socket.create_server(('127.0.0.1', int(open(folder + '/silent.port').read())))
logged_in = threading.Event()
said = []


def serve():
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


threading.Thread(target=serve, daemon=True).start()
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
p = subprocess.Popen([assay, 'outbox', 'send'], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
bad = []
if not logged_in.wait(60):
    bad.append('it did not log in')
elif base64.b64encode(b'\0reports\0' + secret.encode()) not in b''.join(said).split():
    bad.append('it did not log in by the secret')


def has_it(path):
    """Whether the secret stands there; what this account may not read of a process that cannot be dumped is closed."""
    try:
        return secret.encode() in open(path, 'rb').read()
    except PermissionError:
        return False


for name in ('cmdline', 'environ'):
    if has_it(f'/proc/{p.pid}/{name}'):
        bad.append(f'the secret stands in {name}')
for child in open(f'/proc/{p.pid}/task/{p.pid}/children').read().split():
    if has_it(f'/proc/{child}/environ'):
        bad.append('a child has it')
# Of root's processes root owns the memory either way: there the core alone tells.
if os.getuid() != 0 and os.stat(f'/proc/{p.pid}/mem').st_uid != 0:
    bad.append('its memory is not closed')
p.send_signal(signal.SIGABRT)
_, status = os.waitpid(p.pid, 0)
if os.WCOREDUMP(status):
    bad.append('it leaves a core')
print('; '.join(bad) or 'nothing is seen')
sys.exit(1 if bad else 0)
