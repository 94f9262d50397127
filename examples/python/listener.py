import sys
import msgpack, numpy, zmq

socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5558")
socket.subscribe(sys.argv[2] if len(sys.argv) > 2 else "audio/main")
heard = numpy.empty(0)
while True:
    topic, header, data = socket.recv_multipart()
    sound = msgpack.unpackb(header)
    samples = numpy.frombuffer(data, "<i2").reshape(-1, sound["channels"])
    heard = numpy.append(heard, samples[:, 0])
    if len(heard) >= sound["rate"]:  # a second: each step of its spectrum is 1 Hz
        print(topic.decode(), numpy.abs(numpy.fft.rfft(heard[: sound["rate"]])).argmax(), "Hz", flush=True)
        heard = numpy.empty(0)
