"""The voice echo's old client, as far as its socket goes: says a tone, and tells the pitches of what it hears.

Usage: old-voice-client.py PORT NAME HERTZ CLIPS [RATE CHANNELS CHUNK]; HERTZ 0 says nothing.
"""

import base64
import json
import math
import socket
import struct
import sys

port, name, hertz, clips = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
rate, channels, chunk = (int(text) for text in sys.argv[5:8] or ('44100', '2', '1024'))

sock = socket.create_connection(('127.0.0.1', port))


def marshal(**fields):
    return (json.dumps(fields) + '\0').encode('utf-8')


def receive_all():
    buffer = ''
    while not buffer.endswith('\0'):
        part = sock.recv(4096)
        if not part:
            raise ConnectionAbortedError
        buffer += part.decode('utf-8')
    return buffer[:-1]


def tone(seconds):
    frames = []
    for first in range(0, int(rate / chunk) * seconds * chunk, chunk):
        values = [int(12000 * math.sin(2 * math.pi * hertz * (first + i) / rate)) for i in range(chunk)]
        data = b''.join(struct.pack('<h', value) * channels for value in values)
        frames.append(base64.b64encode(data).decode('utf-8'))
    return frames


def pitch(message):
    """Counts the zero crossings of the first channel of the chunks that the old client plays."""
    played = b''
    for i in range(0, int(rate / chunk * message['duration'])):
        played += base64.b64decode(message['message'][i].encode('utf-8'))
    values = struct.unpack('<%dh' % (len(played) // 2), played)[::channels]
    loud = [index for index, value in enumerate(values) if abs(value) > 500]
    if not loud:
        return 0
    tone = values[loud[0] : loud[-1]]
    crossings = sum(1 for a, b in zip(tone, tone[1:]) if a < 0 <= b)
    return crossings / (len(tone) / rate)


if hertz > 0:
    sock.sendall(marshal(username=name, message=tone(1), duration=1, quit=False))
else:
    sock.sendall(marshal(username=name, message=[], duration=0, quit=False))
print('ready', flush=True)
for _ in range(clips):
    heard = json.loads(receive_all())
    print(heard['username'], round(pitch(heard)), flush=True)
sock.sendall(marshal(username=name, message=None, duration=None, quit=True))
