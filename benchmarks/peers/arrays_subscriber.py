"""Takes raw buffers as arrays, without a copy, until none comes for half a second."""
import json
import sys
import time

import numpy
import zmq

context = zmq.Context()
socket = context.socket(zmq.SUB)
socket.subscribe(b"")
socket.setsockopt(zmq.RCVTIMEO, 500)
socket.connect(sys.argv[1])
received = waits = 0
checked = 0.0
while waits < 60:
    try:
        message = socket.recv(copy=False)
    except zmq.Again:
        if received:
            break
        waits += 1
        continue
    values = numpy.frombuffer(message.buffer, dtype=numpy.float64)
    checked += values[0] + values[-1]
    received += 1
    if received == 1:
        first = time.monotonic()
    last = time.monotonic()
print(json.dumps({"received": received, "rate": (received - 1) / (last - first)}))
