"""Reads MJPEG of mjpeg_server.py for so many seconds. Prints when each picture came and how old it was, in milliseconds."""
import json
import sys
import time
from urllib.request import urlopen

address, seconds = sys.argv[1], float(sys.argv[2])
response = urlopen(f"http://{address}/")
arrivals = []
end = None
while end is None or time.monotonic() < end:
    due, size = 0.0, 0
    while (line := response.readline().strip()) or not size:
        name, _, value = line.decode().partition(": ")
        if name == "X-Time":
            due = float(value)
        elif name == "Content-Length":
            size = int(value)
    response.read(size)
    response.readline()
    now = time.time()
    if end is None:
        end = time.monotonic() + seconds
    arrivals.append([now * 1000, (now - due) * 1000])
print(json.dumps({"arrivals": arrivals}))
