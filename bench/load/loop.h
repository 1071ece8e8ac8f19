// One thread, monotonic nanoseconds; a fault ends the program with its reason as JSON and exit code 3.
//
// Sockets are looked at when something is there, but patient ones only every few milliseconds: where a thousand
// subscribers get an event each, a read costs as much as the server's write, and the load would be what is measured.
#ifndef LOOP_H
#define LOOP_H
#include "scan.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#define SECOND 1000000000ull

struct sock {
    int fd;
    void (*ready)(struct sock *, uint32_t events);
};

void loop_open(void);
uint64_t now(void);
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Starts to connect to 127.0.0.1; `ready` is called with EPOLLOUT when that is done, and then as `loop_want` says.
void sock_connect(struct sock *sock, int port, void (*ready)(struct sock *, uint32_t));
void loop_want(struct sock *sock, uint32_t events);
void loop_make_patient(struct sock *sock, double milliseconds);
void sock_close(struct sock *sock);
int sock_error(const struct sock *sock);
// Writes all of it, or fails: what the load sends is small and is read by servers that keep up.
void sock_write(struct sock *sock, const char *data, size_t size);
// Reads what is there into a buffer that all share; 0 at the end of the stream, -1 when nothing is there (or it broke:
// then `broken` is set). `data` has CARRY writable bytes before it.
long sock_read(struct sock *sock, char **data, bool *broken);

void loop_once(int milliseconds);
// Runs until `done` says so; fails with `what` after `seconds` in which `progress` did not change.
void loop_until(bool (*done)(void), uint64_t (*progress)(void), double seconds, const char *what);
#endif
