// https://github.com/websockets/ws: no compression, bufferutil installed, a ready Buffer given to each client's send().
const { createServer } = require("node:http");
const { WebSocketServer } = require("ws");

const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false, clientTracking: false });
const subscribers = new Set();
const asText = { binary: false, compress: false };
server.on("connection", (socket, request) => {
  if (request.url === "/pub") {
    socket.on("message", (event) => {
      for (const subscriber of subscribers) {
        subscriber.send(event, asText);
      }
    });
  } else {
    subscribers.add(socket);
    socket.on("close", () => subscribers.delete(socket));
  }
});
http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => console.log(`port ${http.address().port}`));
