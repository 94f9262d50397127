"""Publishes pictures of so many bytes at a steady rate, each with the time at which it was sent."""
import os
import struct
import sys
import time

import zmq

endpoint, size, fps = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
mark, buffer = int(sys.argv[4]), int(sys.argv[5])
socket = zmq.Context().socket(zmq.PUB)
socket.setsockopt(zmq.SNDHWM, mark)
if buffer > 0:
    socket.setsockopt(zmq.SNDBUF, buffer)
socket.bind(endpoint)
print("ready", flush=True)
picture = os.urandom(size)
start, frames = time.time(), 0
while True:
    wait = start + frames / fps - time.time()
    if wait > 0:
        time.sleep(wait)
    socket.send_multipart([struct.pack("d", time.time()), picture])
    frames += 1
