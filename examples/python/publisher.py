import os, random, sys, time
import msgpack, zmq

socket = zmq.Context().socket(zmq.PUB)
socket.bind(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5556")
epoch, seq = int.from_bytes(os.urandom(4), "little"), 0
while True:
    values = [random.uniform(0, 10000) for _ in range(6)]
    header = {"v": 1, "epoch": epoch, "seq": seq, "time": time.time(), "values": values}
    socket.send_multipart([b"numbers/random", msgpack.packb(header)])
    seq += 1
    time.sleep(0.1)
