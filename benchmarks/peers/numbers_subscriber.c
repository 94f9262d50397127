/* Counts arrays until none comes for half a second. */
#include <stdio.h>
#include <time.h>
#include <zmq.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  void *context = zmq_ctx_new();
  void *socket = zmq_socket(context, ZMQ_SUB);
  int patience = 500;
  zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
  zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
  if (zmq_connect(socket, argv[1]) != 0) return 1;
  char topic[256];
  double values[512], sum = 0, first = 0, last = 0;
  long received = 0;
  for (int waits = 0; waits < 60;) {
    if (zmq_recv(socket, topic, sizeof topic, 0) < 0) {
      if (received > 0) break;
      waits++;
      continue;
    }
    int length = zmq_recv(socket, values, sizeof values, 0);
    for (int index = 0; index < length / 8; index++) sum += values[index];
    received++;
    if (received == 1) first = now();
    if ((received & 255) == 0) last = now();
  }
  printf("{\"received\": %ld, \"rate\": %f, \"sum\": %f}\n", received, received / (last - first), sum);
  zmq_close(socket);
  zmq_ctx_term(context);
  return 0;
}
