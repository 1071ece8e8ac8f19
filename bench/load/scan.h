// The check of a stream of events: each carries its number as "seq":N, whatever framing stands around it.
#ifndef SCAN_H
#define SCAN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CARRY = 40 }; // what may be kept of one read for the next: a marker and the digits of a number

enum verdict { IN_ORDER, DUPLICATED, OUT_OF_ORDER };

struct scanner {
    uint64_t next;     // the number that has to come; 0 while nothing has come
    uint64_t gap_from; // numbers that were passed over: [gap_from, gap_to); empty when both are equal
    uint64_t gap_to;
    uint64_t wrong; // the number that gave a bad verdict
    uint8_t kept;
    char carry[CARRY];
};

// Scans `size` bytes at `data`, before which CARRY bytes must be writable. The first number that ever comes is taken as
// the beginning; after it each must be the previous one's + 1.
enum verdict scan(struct scanner *scanner, char *data, size_t size);

static inline bool has_gap(const struct scanner *scanner) { return scanner->gap_from != scanner->gap_to; }
#endif
