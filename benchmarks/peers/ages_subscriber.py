"""Receives pictures for so many seconds. Prints when each came and how old it was, in milliseconds.

Takes those of pictures_publisher.py and those of zcast.
"""
import json
import struct
import sys
import time

import zmq

endpoint, seconds, mark, buffer = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
socket = zmq.Context().socket(zmq.SUB)
socket.setsockopt(zmq.RCVHWM, mark)
if buffer > 0:
    socket.setsockopt(zmq.RCVBUF, buffer)
socket.subscribe(b"")
socket.connect(endpoint)


def time_of(parts):
    if len(parts) == 2:
        return struct.unpack("<d", parts[0])[0]
    # zcast's header is a msgpack map; a float64 follows its key.
    return struct.unpack_from(">d", parts[1], parts[1].index(b"\xa4time\xcb") + 6)[0]


arrivals = []
end = time.monotonic() + 60
while (left := end - time.monotonic()) > 0:
    if not socket.poll(left * 1000):
        break
    parts = socket.recv_multipart()
    now = time.time()
    if not arrivals:
        end = time.monotonic() + seconds
    arrivals.append([now * 1000, (now - time_of(parts)) * 1000])
print(json.dumps({"arrivals": arrivals}))
