#include "hist.h"
#include <stdio.h>

void hist_add(struct hist *hist, uint64_t nanoseconds) {
    unsigned octave = nanoseconds < SHARES ? 0 : 57u - (unsigned)__builtin_clzll(nanoseconds);
    uint64_t share = octave == 0 ? nanoseconds : (nanoseconds >> (octave - 1)) - SHARES;
    uint64_t bucket = octave * SHARES + share;
    if (bucket >= OCTAVES * SHARES)
        bucket = OCTAVES * SHARES - 1;
    hist->buckets[bucket]++;
    hist->count++;
    if (nanoseconds > hist->most)
        hist->most = nanoseconds;
}

double hist_ms(const struct hist *hist, double share) {
    uint64_t wanted = (uint64_t)((double)hist->count * share), seen = 0;
    for (uint64_t bucket = 0; bucket < OCTAVES * SHARES; bucket++) {
        seen += hist->buckets[bucket];
        if (seen > wanted) {
            uint64_t octave = bucket / SHARES, low = bucket % SHARES;
            double nanoseconds = octave == 0 ? (double)low : (double)((low + SHARES) << (octave - 1));
            return nanoseconds / 1e6;
        }
    }
    return (double)hist->most / 1e6;
}

void hist_print(const struct hist *hist, const char *name) {
    if (hist->count == 0)
        return;
    printf(",\"%s\":{\"p50\":%.4f,\"p90\":%.4f,\"p99\":%.4f,\"max\":%.4f}", name, hist_ms(hist, 0.5), hist_ms(hist, 0.9),
           hist_ms(hist, 0.99), (double)hist->most / 1e6);
}
