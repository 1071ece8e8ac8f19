#include "ws.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { HEAD = 4096, TEXT = 0x81, BINARY = 0x82, CLOSE = 0x88, PING = 0x89, PONG = 0x8a, MASKED = 0x80 };

void ws_ask(struct sock *sock, int port, const char *target, const char *subprotocol) {
    char request[HEAD];
    int size = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n%s%s%s\r\n",
                        target, port, subprotocol ? "Sec-WebSocket-Protocol: " : "", subprotocol ? subprotocol : "",
                        subprotocol ? "\r\n" : "");
    if (size >= HEAD)
        fail("a target of %d bytes is too long", size);
    sock_write(sock, request, (size_t)size);
}

int ws_answer(struct sock *sock, int *status) {
    char head[HEAD + 1];
    *status = 0;
    ssize_t size = recv(sock->fd, head, HEAD, MSG_PEEK);
    if (size <= 0)
        return size < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
    head[size] = 0;
    const char *end = strstr(head, "\r\n\r\n");
    if (end == NULL)
        return size == HEAD ? -1 : 0;
    *status = size > 12 ? atoi(head + 9) : 0;
    if (*status != 101)
        return -1;
    return recv(sock->fd, head, (size_t)(end + 4 - head), 0) > 0 ? 1 : -1;
}

size_t ws_head(char *head, size_t size, bool binary) {
    size_t at = 2;
    head[0] = (char)(binary ? BINARY : TEXT);
    if (size < 126) {
        head[1] = (char)(MASKED | size);
    } else {
        head[1] = (char)(MASKED | 126);
        head[2] = (char)(size >> 8);
        head[3] = (char)size;
        at = 4;
    }
    memset(head + at, 0, 4);
    return at + 4;
}

void ws_say(struct sock *sock, const char *text, size_t size, bool binary) {
    char frame[HEAD];
    size_t at = ws_head(frame, size, binary);
    if (at + size > sizeof frame)
        fail("a first message of %zu bytes is too long", size);
    memcpy(frame + at, text, size);
    sock_write(sock, frame, at + size);
}

void ws_pong(struct sock *sock, const char *data, size_t size) {
    static const char pong[] = {(char)PONG, (char)MASKED, 0, 0, 0, 0};
    if (size >= 2 && (unsigned char)data[size - 2] == PING && data[size - 1] == 0)
        sock_write(sock, pong, sizeof pong);
}

int ws_close_code(const char *data, size_t size, double *seconds) {
    *seconds = 0;
    for (size_t at = size < 127 ? 0 : size - 127; at + 4 <= size; at++) {
        const unsigned char *frame = (const unsigned char *)data + at;
        if (frame[0] != CLOSE || at + 2 + frame[1] != size)
            continue;
        for (const char *c = data + at + 4; c < data + size; c++)
            if (*c >= '0' && *c <= '9') {
                *seconds = atof(c);
                break;
            }
        return frame[2] << 8 | frame[3];
    }
    return 0;
}
