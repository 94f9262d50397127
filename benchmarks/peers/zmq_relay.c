/* A bare forwarder of libzmq: XSUB above, XPUB below, zmq_proxy between them. */
#include <stdio.h>
#include <zmq.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  void *context = zmq_ctx_new();
  void *above = zmq_socket(context, ZMQ_XSUB), *below = zmq_socket(context, ZMQ_XPUB);
  if (zmq_connect(above, argv[1]) != 0 || zmq_bind(below, argv[2]) != 0) return 1;
  printf("handing on\n");
  fflush(stdout);
  zmq_proxy(above, below, NULL);
  return 0;
}
