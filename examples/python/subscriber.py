import struct, sys
import msgpack, zmq

socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5556")
socket.subscribe(sys.argv[2] if len(sys.argv) > 2 else "numbers/random")
while True:
    topic, header, *rest = socket.recv_multipart()
    message = msgpack.unpackb(header)
    if "rows" in message:  # several arrays, or a long one: float64, little-endian, row-major
        numbers = struct.unpack(f"<{len(rest[0]) // 8}d", rest[0])
        columns = message["columns"]
        arrays = [list(numbers[at : at + columns]) for at in range(0, len(numbers), columns)]
    else:
        arrays = [message.get("values") or len(rest[0])]
    for number, values in enumerate(arrays, message["seq"]):
        print(topic.decode(), number, values, flush=True)
