"""Sends arrays of six with send_pyobj to so many subscribers, for so many seconds; waits for the slowest."""
import json
import sys
import time

import numpy
import zmq

endpoint, subscribers, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
context = zmq.Context()
socket = context.socket(zmq.XPUB)
socket.setsockopt(zmq.XPUB_NODROP, 1)
socket.setsockopt(zmq.XPUB_VERBOSE, 1)
socket.bind(endpoint)
for _ in range(subscribers):
    socket.recv()
# The same array each time: drawing is not what is measured here, and numpy is slow at six.
values = numpy.random.default_rng().uniform(0, 10_000, 6)
sent = 0
end = time.monotonic() + seconds
while sent & 255 or time.monotonic() < end:
    socket.send_pyobj(values)
    sent += 1
print(json.dumps({"sent": sent}), flush=True)
socket.close()
context.term()
