import struct, sys
import msgpack, zmq

socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5556")
socket.subscribe(sys.argv[2] if len(sys.argv) > 2 else "numbers/random")
while True:
    topic, header, *rest = socket.recv_multipart()
    message = msgpack.unpackb(header)
    if "rows" in message:  # batched: float64, little-endian, row-major
        message["values"] = list(struct.unpack(f"<{len(rest[0]) // 8}d", rest[0]))
    print(topic.decode(), message["seq"], message.get("values") or len(rest[0]), flush=True)
