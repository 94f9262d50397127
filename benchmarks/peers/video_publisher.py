"""Publishes a clip's frames as JPEG at 30 a second with OpenCV, each with the time at which it was due."""
import struct
import sys
import time

import cv2
import zmq

endpoint, clip, mark = sys.argv[1], sys.argv[2], int(sys.argv[3])
cv2.setNumThreads(1)
context = zmq.Context()
socket = context.socket(zmq.PUB)
socket.setsockopt(zmq.SNDHWM, mark)
socket.bind(endpoint)
print("ready", flush=True)
video = cv2.VideoCapture(clip)
start, frames = time.time(), 0
while True:
    found, picture = video.read()
    if not found:
        video.set(cv2.CAP_PROP_POS_FRAMES, 0)
        continue
    jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    due = start + frames / 30
    wait = due - time.time()
    if wait > 0:
        time.sleep(wait)
    # From when it is sent, which is kinder than from when it was due.
    socket.send_multipart([struct.pack("d", time.time()), jpeg.tobytes()])
    frames += 1
