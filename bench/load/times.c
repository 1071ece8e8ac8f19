#include "times.h"
#include "loop.h"
#include <stdlib.h>
#include <string.h>

struct arrival {
    uint64_t at;
    uint32_t first, count;
};

enum { MOST_ARRIVALS = 64 * 1024 * 1024 };

static uint64_t base, *sent, *last_at;
static size_t sent_size, arrivals_count, arrivals_size;
static struct arrival *arrivals;
static uint64_t events;

static void *grown(void *memory, size_t size) {
    memory = realloc(memory, size);
    if (memory == NULL)
        fail("out of memory");
    return memory;
}

void times_start(uint64_t from) {
    base = from;
    arrivals_count = 0;
    events = 0;
    if (sent_size > 0)
        memset(sent, 0, sent_size * sizeof *sent);
}

void times_sent(uint64_t number, uint64_t at) {
    if (number <= base)
        return;
    size_t index = number - base;
    if (index >= sent_size) {
        size_t size = index * 2 + 65536;
        sent = grown(sent, size * sizeof *sent);
        memset(sent + sent_size, 0, (size - sent_size) * sizeof *sent);
        sent_size = size;
    }
    sent[index] = at;
}

void times_arrived(uint64_t first, uint64_t count, uint64_t at) {
    if (first <= base || count == 0)
        return;
    if (arrivals_count == arrivals_size) {
        if (arrivals_count >= MOST_ARRIVALS)
            fail("the run is too long: more arrivals than can be noted");
        arrivals_size = arrivals_size * 2 + 65536;
        arrivals = grown(arrivals, arrivals_size * sizeof *arrivals);
    }
    arrivals[arrivals_count++] = (struct arrival){at, (uint32_t)(first - base), (uint32_t)count};
    events += count;
}

void times_count(struct hist *each, struct hist *last) {
    last_at = calloc(sent_size + 1, sizeof *last_at);
    for (size_t i = 0; i < arrivals_count; i++) {
        struct arrival arrival = arrivals[i];
        for (size_t index = arrival.first; index < (size_t)arrival.first + arrival.count && index < sent_size; index++) {
            if (sent[index] == 0)
                continue;
            hist_add(each, arrival.at > sent[index] ? arrival.at - sent[index] : 0);
            if (arrival.at > last_at[index])
                last_at[index] = arrival.at;
        }
    }
    for (size_t index = 0; index < sent_size; index++)
        if (sent[index] != 0 && last_at[index] > sent[index])
            hist_add(last, last_at[index] - sent[index]);
    free(last_at);
}

double times_events_a_read(void) { return arrivals_count == 0 ? 0 : (double)events / (double)arrivals_count; }
