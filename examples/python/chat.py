import sys
import msgpack, zmq

socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5560")
socket.subscribe(sys.argv[2] if len(sys.argv) > 2 else "chat/main")
while True:
    topic, header, words = socket.recv_multipart()
    said = msgpack.unpackb(header)
    text = "(removed)" if said.get("removed") else words.decode()
    print(said["id"], said["name"], ascii(text), flush=True)  # ascii: words may hold control characters
