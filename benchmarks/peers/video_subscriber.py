"""Receives pictures for so many seconds; may need some milliseconds for each. Prints how old they were.

Takes those of video_publisher.py and those of zcast.
"""
import json
import struct
import sys
import time

import zmq

endpoint, seconds, work, mark = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]) / 1000, int(sys.argv[4])
context = zmq.Context()
socket = context.socket(zmq.SUB)
socket.setsockopt(zmq.RCVHWM, mark)
socket.subscribe(b"")
socket.connect(endpoint)
ages = []


def time_of(parts):
    """When the picture was sent, or for zcast, when it was due."""
    if len(parts) == 2:
        return struct.unpack("<d", parts[0])[0]
    # The header is a msgpack map; a float64 follows its key.
    return struct.unpack_from(">d", parts[1], parts[1].index(b"\xa4time\xcb") + 6)[0]


end = None
while end is None or time.monotonic() < end:
    parts = socket.recv_multipart()
    if end is None:
        # What comes while everybody is still starting says nothing.
        begin = time.monotonic() + 2
        end = begin + seconds
    if time.monotonic() >= begin:
        ages.append((time.time() - time_of(parts)) * 1000)
    if work:
        time.sleep(work)
last = ages[-1]
ages.sort()
print(json.dumps({
    "received": len(ages),
    "p50": ages[len(ages) // 2],
    "p99": ages[int(len(ages) * 0.99)],
    "ageMs": last,
}))
