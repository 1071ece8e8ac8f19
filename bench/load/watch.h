// Subscribers of one room: each has to get every event once, in order.
#ifndef WATCH_H
#define WATCH_H
#include "loop.h"

struct watch_options {
    int port, count, at_once;
    char **targets; // ended by NULL; taken in turn
    const char *subprotocol, *hello;
    bool binary_hello;
    bool await_number; // open = the first number has come, not just the handshake
};

// Opens all; returns handshakes a second.
double watch_open(const struct watch_options *options);
// From now on all but the first are read only so often.
void watch_patiently(double milliseconds);
int watch_count(void);
// Whether every subscriber has seen a number, and all the same last one.
bool watch_level(void);
// The number that the first subscriber saw last, and the one that all have seen.
uint64_t watch_first(void);
uint64_t watch_all(void);
uint64_t watch_deliveries(void);
uint64_t watch_bytes(void);
// Count how many subscribers pass `number` from now on.
void watch_target(uint64_t number);
int watch_passed(void);
// Fails where a subscriber misses an event, or is not at `head`.
void watch_check(uint64_t head);
#endif
