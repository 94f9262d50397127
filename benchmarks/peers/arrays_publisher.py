"""Sends a million float64 in each message as a raw buffer, without a copy."""
import json
import sys
import time

import numpy
import zmq

endpoint, seconds = sys.argv[1], float(sys.argv[2])
context = zmq.Context()
socket = context.socket(zmq.XPUB)
socket.setsockopt(zmq.XPUB_NODROP, 1)
socket.setsockopt(zmq.SNDHWM, 2)
socket.bind(endpoint)
socket.recv()
values = numpy.random.default_rng().uniform(0, 10_000, 1_000_000)
sent = 0
end = time.monotonic() + seconds
while time.monotonic() < end:
    socket.send(values, copy=False)
    sent += 1
print(json.dumps({"sent": sent}), flush=True)
socket.close()
context.term()
