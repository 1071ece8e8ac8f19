import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["{widget,dashboard}/test/**/*.test.ts"], allowOnly: false, restoreMocks: true },
});
