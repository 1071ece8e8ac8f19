// https://socket.io/docs/v4/performance-tuning: WebSocket only, bufferutil installed, no compression (its default),
// and the first request of each connection let go. Pings come later than any measurement lasts.
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  serveClient: false,
  perMessageDeflate: false,
  pingInterval: 600_000,
});
io.engine.on("connection", (raw) => {
  raw.request = null;
});
io.on("connection", (socket) => socket.join("room"));
io.of("/publish").on("connection", (socket) => {
  socket.on("event", (event) => io.to("room").emit("event", event));
});
http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => console.log(`port ${http.address().port}`));
