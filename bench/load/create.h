// HTTP connections that each send one request after the other: as fast as they are answered, or at a rate.
#ifndef CREATE_H
#define CREATE_H
#include "hist.h"
#include <stdbool.h>

struct create_options {
    int port, connections, expected_status;
    char **requests; // ended by NULL; taken in turn. Twelve @ stand for the number that makes a request its own
    bool numbered;   // whether answers carry the number that the event has
};

void create_open(const struct create_options *options);
// Sends until `create_stop`; `rate` is requests a second over all connections, 0 for as many as can be.
void create_start(double rate);
void create_tick(void); // to be called often
void create_stop(void);
bool create_idle(void); // nothing is unanswered
uint64_t created(void); // answers since the beginning
// Latencies since create_start: from when a request was due.
const struct hist *create_latencies(void);
#endif
