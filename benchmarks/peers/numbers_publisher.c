/* Sends one message an array of six, to so many subscribers, for so many seconds; waits for the slowest. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zmq.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  void *context = zmq_ctx_new();
  void *socket = zmq_socket(context, ZMQ_XPUB);
  int on = 1;
  zmq_setsockopt(socket, ZMQ_XPUB_NODROP, &on, sizeof on);
  if (zmq_bind(socket, argv[1]) != 0) return 1;
  char subscription[64];
  for (int left = atoi(argv[2]); left > 0; left--) zmq_recv(socket, subscription, sizeof subscription, 0);
  double values[6];
  long sent = 0;
  double end = now() + atof(argv[3]);
  do {
    for (int index = 0; index < 6; index++) values[index] = drand48() * 10000;
    zmq_send(socket, "numbers/random", 14, ZMQ_SNDMORE);
    zmq_send(socket, values, sizeof values, 0);
    sent++;
  } while ((sent & 1023) != 0 || now() < end);
  printf("{\"sent\": %ld}\n", sent);
  zmq_close(socket);
  zmq_ctx_term(context);
  return 0;
}
