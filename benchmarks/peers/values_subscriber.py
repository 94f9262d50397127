"""Receives arrays for so many seconds. Prints how long they took, in milliseconds.

By the first number of each array, which says when it was pushed ("pushed"), or by the time in the header ("due").
"""
import json
import struct
import sys
import time

import msgpack
import zmq

endpoint, seconds, by = sys.argv[1], float(sys.argv[2]), sys.argv[3]
socket = zmq.Context().socket(zmq.SUB)
socket.subscribe(b"numbers/")
socket.connect(endpoint)
took, messages = [], 0
begin = end = None
while end is None or time.monotonic() < end:
    _, header, *rest = socket.recv_multipart()
    monotonic, wall = time.monotonic(), time.time()
    if end is None:
        # What comes while everybody is still starting says nothing.
        begin = monotonic + 1
        end = begin + seconds
    if monotonic < begin:
        continue
    message = msgpack.unpackb(header)
    rows, columns = message.get("rows", 1), message.get("columns", 0)
    for row in range(rows):
        if by == "due":
            took.append((wall - message["time"] - row * message.get("interval", 0)) * 1000)
        else:
            pushed = struct.unpack_from("<d", rest[0], row * columns * 8)[0] if rest else message["values"][0]
            took.append((monotonic - pushed) * 1000)
    messages += 1
took.sort()
print(json.dumps({
    "arrays": len(took) / seconds,
    "messages": messages / seconds,
    "p50": took[len(took) // 2],
    "p99": took[int(len(took) * 0.99)],
}))
