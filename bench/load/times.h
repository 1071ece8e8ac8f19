// When each numbered event was sent and arrived. Arrivals are only noted while the load runs, and counted up after it.
#ifndef TIMES_H
#define TIMES_H
#include "hist.h"
#include <stdint.h>

// Forget everything; numbers up to `base` belong to the warming up.
void times_start(uint64_t base);
void times_sent(uint64_t number, uint64_t at);
// A subscriber has `count` events more, from number `first` on.
void times_arrived(uint64_t first, uint64_t count, uint64_t at);
// Fills in the latency of every delivery, and that to each event's last subscriber.
void times_count(struct hist *each, struct hist *last);
// How many events came with one read, over all subscribers.
double times_events_a_read(void);
#endif
