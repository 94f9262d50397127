/* Sends messages of so many bytes, 30 a second, in the shape of zcast's video, to so many subscribers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static size_t write_double(unsigned char *to, double value) {
  unsigned long long bits;
  memcpy(&bits, &value, 8);
  for (int index = 0; index < 8; index++) to[index] = bits >> (56 - 8 * index);
  return 8;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int subscribers = atoi(argv[2]);
  size_t size = atol(argv[3]);
  long frames = atol(argv[4]) * 30;
  void *context = zmq_ctx_new();
  void *socket = zmq_socket(context, ZMQ_XPUB);
  int all = 1;
  zmq_setsockopt(socket, ZMQ_XPUB_VERBOSE, &all, sizeof all);
  if (zmq_bind(socket, argv[1]) != 0) return 1;
  char subscription[64];
  for (int left = subscribers; left > 0; left--) zmq_recv(socket, subscription, sizeof subscription, 0);
  /* As long as the other publisher waits for everybody to be there. */
  sleep(2);
  unsigned char *picture = calloc(1, size);
  double start = seconds(CLOCK_MONOTONIC), busy = cpu();
  for (long frame = 0; frame < frames; frame++) {
    double wait = start + frame / 30.0 - seconds(CLOCK_MONOTONIC);
    if (wait > 0) {
      struct timespec t = {(time_t)wait, (wait - (time_t)wait) * 1e9};
      nanosleep(&t, NULL);
    }
    unsigned char header[64], *at = header;
    *at++ = 0x82;
    memcpy(at, "\xa3seq\xce", 5);
    at += 5;
    for (int shift = 24; shift >= 0; shift -= 8) *at++ = frame >> shift;
    memcpy(at, "\xa4time\xcb", 6);
    at += 6;
    at += write_double(at, seconds(CLOCK_REALTIME));
    zmq_send(socket, "video/main", 10, ZMQ_SNDMORE);
    zmq_send(socket, header, at - header, ZMQ_SNDMORE);
    zmq_send(socket, picture, size, 0);
  }
  /* What is queued is sent by the I/O thread: its time belongs to the last pictures. */
  struct timespec rest = {0, 300000000};
  nanosleep(&rest, NULL);
  printf("{\"sent\": %ld, \"cpuMs\": %f}\n", frames, (cpu() - busy) * 1000);
  fflush(stdout);
  zmq_close(socket);
  zmq_ctx_term(context);
  return 0;
}
