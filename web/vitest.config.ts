import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["{widget,dashboard,package}/test/**/*.test.ts"], allowOnly: false, restoreMocks: true },
});
