"""Runs a program in a pseudo-terminal for the tests: JSON lines in and out.

pty-driver.py COLUMNS ROWS PROGRAM ARGUMENT...

In:  {"input": TEXT} {"resize": [COLUMNS, ROWS]} {"signal": NUMBER} {"hangup": true}
Out: {"output": BASE64} {"exit": {"code": N or null, "signal": N or null, "restored": BOOLEAN}}

"restored" tells whether the terminal's modes (termios) are what they were before the program started.
"""

import base64, fcntl, json, os, select, struct, subprocess, sys, termios


def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def set_size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def own_session():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


master, slave = os.openpty()
set_size(master, int(sys.argv[1]), int(sys.argv[2]))
before = termios.tcgetattr(slave)
child = subprocess.Popen(sys.argv[3:], stdin=slave, stdout=slave, stderr=slave, preexec_fn=own_session)
hung_up = False
commands = b""
ended_r, ended_w = os.pipe()
if os.fork() == 0:
    # Notices this driver's end, so that the program never outlives its test.
    for fd in (ended_w, master, slave):
        os.close(fd)
    os.read(ended_r, 1)
    try:
        os.killpg(child.pid, 9)
    except OSError:
        pass
    os._exit(0)
os.close(ended_r)


def forward(timeout):
    """Forwards output; tells whether there was any."""
    if hung_up or not select.select([master], [], [], timeout)[0]:
        return False
    say({"output": base64.b64encode(os.read(master, 65536)).decode()})
    return True


def obey(command):
    global hung_up
    if "input" in command:
        os.write(master, command["input"].encode("latin-1"))
    elif "resize" in command:
        set_size(master, *command["resize"])
    elif "signal" in command:
        os.kill(child.pid, command["signal"])
    elif "hangup" in command:
        hung_up = True
        os.close(slave)
        os.close(master)


while child.poll() is None:
    readable = select.select([0] if hung_up else [0, master], [], [], 0.02)[0]
    if not hung_up and master in readable:
        forward(0)
    if 0 in readable:
        data = os.read(0, 65536)
        if data == b"":
            break
        *lines, commands = (commands + data).split(b"\n")
        for line in lines:
            obey(json.loads(line))

if child.poll() is None:
    child.kill()
    child.wait()
while forward(0):
    pass
code = child.returncode
restored = not hung_up and termios.tcgetattr(slave) == before
say({"exit": {"code": code if code >= 0 else None, "signal": -code if code < 0 else None, "restored": restored}})
