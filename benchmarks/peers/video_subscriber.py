"""Receives pictures for so many seconds; may need some milliseconds for each. Prints how old they were."""
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
end = None
while end is None or time.monotonic() < end:
    sent, picture = socket.recv_multipart()
    if end is None:
        # What comes while everybody is still starting says nothing.
        begin = time.monotonic() + 2
        end = begin + seconds
    if time.monotonic() >= begin:
        ages.append((time.time() - struct.unpack("d", sent)[0]) * 1000)
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
