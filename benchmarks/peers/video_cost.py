"""What a frame costs: decodes a clip with OpenCV and publishes it as JPEG pictures or as pickled raw frames.

Prints its own CPU time for each frame, after everything is loaded, with its threads' and the encoder's.
"""
import json
import sys
import threading
import time

import cv2
import zmq

clip, how, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
cv2.setNumThreads(1)
context = zmq.Context()
publisher = context.socket(zmq.PUB)
port = publisher.bind_to_random_port("tcp://127.0.0.1")
subscriber = context.socket(zmq.SUB)
subscriber.subscribe(b"")
subscriber.connect(f"tcp://127.0.0.1:{port}")


def drain():
    while True:
        try:
            subscriber.recv(copy=False)
        except zmq.ZMQError:
            return


threading.Thread(target=drain, daemon=True).start()
time.sleep(0.3)
video = cv2.VideoCapture(clip)
frames = 0
busy = time.process_time()
while frames < limit:
    found, picture = video.read()
    if not found:
        break
    if how == "jpeg":
        publisher.send(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], copy=False)
    else:
        publisher.send_pyobj(picture)
    frames += 1
print(json.dumps({"frames": frames, "cpuMs": (time.process_time() - busy) * 1000 / frames}), flush=True)
context.destroy(linger=0)
