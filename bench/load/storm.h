// Clients that come back with a position, as the widget does: hello, then each event they missed, once and in order.
#ifndef STORM_H
#define STORM_H
#include "hist.h"
#include <stdbool.h>
#include <stdint.h>

struct storm_options {
    int port;
    char **targets; // ended by NULL; a client each: the position's number, a space, the target
    const char *subprotocol;
    double spread; // seconds over which they come
};

void storm_start(const struct storm_options *options);
void storm_tick(void); // to be called often
bool storm_done(void); // every one has caught up
uint64_t storm_progress(void);
int storm_count(void), storm_retries(void);
uint64_t storm_missed(void); // events that were caught up with
const struct hist *storm_times(void); // from the start to having caught up
#endif
