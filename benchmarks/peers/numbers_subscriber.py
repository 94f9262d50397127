"""Counts arrays, and takes even, odd or all positions, until none comes for half a second."""
import json
import sys
import time

import zmq

context = zmq.Context()
socket = context.socket(zmq.SUB)
socket.subscribe(b"")
socket.setsockopt(zmq.RCVTIMEO, 500)
socket.connect(sys.argv[1])
positions = {"even": slice(0, None, 2), "odd": slice(1, None, 2), "all": slice(None)}[sys.argv[2]]
received = waits = 0
while waits < 60:
    try:
        values = socket.recv_pyobj()[positions]
    except zmq.Again:
        if received:
            break
        waits += 1
        continue
    received += 1
    if received == 1:
        first = time.monotonic()
    last = time.monotonic()
print(json.dumps({"received": received, "rate": received / (last - first)}))
