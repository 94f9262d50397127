"""Sends arrays of six, 1000 a second, each with the time at which it is sent, in zcast's format."""
import random
import sys
import time

import msgpack
import zmq

socket = zmq.Context().socket(zmq.PUB)
socket.bind(sys.argv[1])
print("ready", flush=True)
start, seq = time.monotonic(), 0
while True:
    wait = start + seq / 1000 - time.monotonic()
    if wait > 0:
        time.sleep(wait)
    values = [time.monotonic(), *(random.random() for _ in range(5))]
    header = {"v": 1, "epoch": 1, "seq": seq, "time": time.time(), "values": values}
    socket.send_multipart([b"numbers/pushed", msgpack.packb(header)])
    seq += 1
