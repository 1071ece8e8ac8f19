// What a WebSocket client says. Frames from the server are not taken apart: events are found by their numbers.
#ifndef WS_H
#define WS_H
#include "loop.h"

// Sends the request that opens a WebSocket; `subprotocol` may be NULL.
void ws_ask(struct sock *sock, int port, const char *target, const char *subprotocol);
// Takes the answer's head off the stream: 1 when the socket is open, 0 when it is not here yet, -1 when it is refused,
// and then `status` is its HTTP status, or 0 where the connection broke.
int ws_answer(struct sock *sock, int *status);
// Writes the head of a frame of `size` bytes into `head` (14 bytes at least); returns its length. The mask is zero.
size_t ws_head(char *head, size_t size, bool binary);
void ws_say(struct sock *sock, const char *text, size_t size, bool binary);
// Answers a ping, if what was read ends with one.
void ws_pong(struct sock *sock, const char *data, size_t size);
// Returns the code of a close frame at the end of what was read, or 0; `seconds` is the first number in its reason.
int ws_close_code(const char *data, size_t size, double *seconds);
#endif
