"""Serves pictures of so many bytes as MJPEG, as most cameras and examples do: each reader gets the newest one, again and again."""
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

host, port = sys.argv[1].split(":")
size, fps = int(sys.argv[2]), float(sys.argv[3])
picture = os.urandom(size)
changed = threading.Condition()
newest = 0.0


def capture():
    global newest
    start, frames = time.time(), 0
    while True:
        wait = start + frames / fps - time.time()
        if wait > 0:
            time.sleep(wait)
        with changed:
            newest = time.time()
            changed.notify_all()
        frames += 1


class Reader(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            while True:
                with changed:
                    changed.wait()
                    due = newest
                head = f"--frame\r\nContent-Type: image/jpeg\r\nX-Time: {due}\r\nContent-Length: {size}\r\n\r\n"
                self.wfile.write(head.encode())
                self.wfile.write(picture)
                self.wfile.write(b"\r\n")
        except OSError:
            pass

    def log_message(self, *_):
        pass


threading.Thread(target=capture, daemon=True).start()
server = ThreadingHTTPServer((host, int(port)), Reader)
print("ready", flush=True)
server.serve_forever()
