"""A camera over RTSP at rtsp://127.0.0.1:PORT/door: a moving test picture, 160x120, 25 a second.

With a second argument it has sound too: a tone of 440 Hz, as telephones send it.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=160,height=120,framerate=25/1"
    " ! jpegenc ! rtpjpegpay name=pay0 pt=26"
    + (" audiotestsrc is-live=true freq=440 ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0" if len(sys.argv) > 2 else "")
    + " )"
)
factory.set_shared(True)
server.get_mount_points().add_factory("/door", factory)
if server.attach(None) == 0:
    sys.exit(1)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
