// One publisher of numbered events, over whatever the server takes them from.
#ifndef PUBLISH_H
#define PUBLISH_H
#include <stdbool.h>
#include <stdint.h>

enum door { NO_DOOR, LINES, NATS, WEBSOCKET };

struct publish_options {
    enum door door;
    int port, bytes;
    const char *target, *hello;  // of a WebSocket
    const char *prefix, *suffix; // around an event's JSON
};

void publish_open(const struct publish_options *options);
// Sends the next `count` events, in one write.
void publish(int count);
uint64_t published(void);
#endif
