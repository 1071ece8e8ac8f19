// Latencies in buckets less than 1 % wide.
#ifndef HIST_H
#define HIST_H
#include <stdint.h>

enum { SHARES = 128, OCTAVES = 48 };

struct hist {
    uint64_t count, most, buckets[OCTAVES * SHARES];
};

void hist_add(struct hist *hist, uint64_t nanoseconds);
double hist_ms(const struct hist *hist, double share);
// Prints "name":{"p50":…,"p90":…,"p99":…,"max":…} in milliseconds, with a comma before it; nothing when it is empty.
void hist_print(const struct hist *hist, const char *name);
#endif
