"""Programs of other makes: what imagezmq 1.2.0, NetGear 0.3.5 and PyZMQ put on the wire, in their own few lines.

    peers.py WHAT ENDPOINT [COUNT]

Those that listen print their endpoint first. COUNT: messages before the end; 0 or none is without end.
"""
import json
import sys
import time

import cv2
import numpy
import zmq

what, endpoint = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
context = zmq.Context()


def say(*words):
    print(*words, flush=True)


def opened(kind, listens):
    socket = context.socket(kind)
    socket.linger = 0
    if kind == zmq.SUB:
        socket.setsockopt(zmq.SUBSCRIBE, b'')
    if listens:
        socket.bind(endpoint)
        say(socket.last_endpoint.decode().strip('\0'))
    else:
        socket.connect(endpoint)
    return socket


def picture(number):
    image = numpy.zeros((48, 64, 3), 'uint8')
    image[:] = (40, 80, 200)
    image[:, : number % 64] = 255
    return image


def jpeg(number):
    return cv2.imencode('.jpg', picture(number))[1]


def numbers():
    number = 0
    while count == 0 or number < count:
        yield number
        number += 1
        time.sleep(0.02)


def see(number, header, data):
    image = cv2.imdecode(numpy.frombuffer(data, 'uint8'), cv2.IMREAD_COLOR)
    say(json.dumps({'header': header, 'shape': image.shape}))


def imagezmq_camera(raw, name='Pi 1'):
    # ImageSender(connect_to=...).send_jpg, or .send_image
    socket = opened(zmq.REQ, False)
    for number in numbers():
        if raw:
            image = picture(number)
            socket.send_json(dict(msg=name, dtype=str(image.dtype), shape=image.shape), zmq.SNDMORE)
            socket.send(image, copy=False)
        else:
            socket.send_json(dict(msg=name), zmq.SNDMORE)
            socket.send(jpeg(number), copy=False)
        reply = socket.recv()
    say('reply', reply.decode())


def imagezmq_publisher():
    # ImageSender(REQ_REP=False)
    socket = opened(zmq.PUB, True)
    for number in numbers():
        socket.send_json(dict(msg='Pi 2'), zmq.SNDMORE)
        socket.send(jpeg(number), copy=False)


def imagezmq_hub():
    # ImageHub().recv_jpg and .send_reply
    socket = opened(zmq.REP, True)
    for number in numbers():
        header = socket.recv_json()
        see(number, header, socket.recv())
        socket.send(b'OK')


def imagezmq_hub_of_pixels():
    # ImageHub().recv_image and .send_reply
    socket = opened(zmq.REP, True)
    for _ in numbers():
        header = socket.recv_json()
        image = numpy.frombuffer(socket.recv(), dtype=header['dtype']).reshape(header['shape'])
        say(json.dumps({'header': header, 'shape': image.shape, 'bgr': image[0, 0].tolist()}))
        socket.send(b'OK')


def imagezmq_viewer():
    # ImageHub(open_port=..., REQ_REP=False).recv_jpg
    socket = opened(zmq.SUB, False)
    for number in numbers():
        header = socket.recv_json()
        see(number, header, socket.recv())


def netgear_sender(pattern):
    socket = opened((zmq.PAIR, zmq.REQ, zmq.PUB)[pattern], False)
    socket.set_hwm(1)
    for number in numbers():
        header = dict(
            terminate_flag=False,
            compression={'dct': True, 'ups': False, 'colorspace': 'BGR'},
            message=None,
            pattern=str(pattern),
            dtype='',
            shape='',
        )
        for attempt in range(4):
            socket.send_json(header, zmq.SNDMORE)
            socket.send(jpeg(number))
            if pattern == 2:
                break
            if socket.poll(4000):
                socket.recv()
                break
            # As NetGear does, on a socket made anew.
            socket.close(0)
            socket = opened((zmq.PAIR, zmq.REQ)[pattern], False)
        else:
            sys.exit('no response from the receiver')
    # What close() sends.
    socket.send_json(dict(terminate_flag=True))
    if pattern < 2 and socket.poll(4000):
        socket.recv()
    say('ended')
    time.sleep(0.2)


def netgear_receiver(pattern):
    socket = opened((zmq.PAIR, zmq.REP, zmq.SUB)[pattern], True)
    socket.set_hwm(1)
    for number in numbers():
        header = socket.recv_json()
        if header['terminate_flag']:
            sys.exit('told to end')
        see(number, header, socket.recv())
        if pattern < 2:
            socket.send_string('Data received on device: 1 !')


def send(socket, number):
    if what == 'pickled-numbers':
        socket.send_pyobj(numpy.random.uniform(0, 10000, 6))
    elif what == 'pickled-frames':
        socket.send_pyobj(picture(number))
    elif what == 'json':
        socket.send_json({'temp': 21.5 + number, 'place': {'x': [1, 2]}, 'unit': 'C'})
    elif what == 'json-lines':
        socket.send_string('imu ' + json.dumps({'ax': number, 'ay': float('nan')}))
    elif what == 'msgpack':
        import msgpack

        socket.send_multipart([b'imu', msgpack.packb({'ax': number + 0.5, 'on': True})])


def publisher():
    socket = opened(zmq.PUB, True)
    for number in numbers():
        send(socket, number)


def subscriber():
    # What PlotJuggler's ZeroMQ plugin does, and hand-written programs.
    socket = opened(zmq.SUB, False)
    for _ in numbers():
        parts = socket.recv_multipart()
        if what == 'read-msgpack':
            import msgpack

            value = msgpack.unpackb(parts[1])
        else:
            value = json.loads(parts[1])
        say(json.dumps({'topic': parts[0].decode(), 'value': value, 'text': str(parts[1][:200])}))


PROGRAMS = {
    'imagezmq-camera': lambda: imagezmq_camera(False),
    'imagezmq-camera-raw': lambda: imagezmq_camera(True, 'Pi 3'),
    'imagezmq-publisher': imagezmq_publisher,
    'imagezmq-hub': imagezmq_hub,
    'imagezmq-hub-of-pixels': imagezmq_hub_of_pixels,
    'imagezmq-viewer': imagezmq_viewer,
    'read-json': subscriber,
    'read-msgpack': subscriber,
}
for pattern in range(3):
    PROGRAMS[f'netgear-sender-{pattern}'] = lambda pattern=pattern: netgear_sender(pattern)
    PROGRAMS[f'netgear-receiver-{pattern}'] = lambda pattern=pattern: netgear_receiver(pattern)

PROGRAMS.get(what, publisher)()
