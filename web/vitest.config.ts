import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["widget/test/**/*.test.ts"], allowOnly: false, restoreMocks: true },
});
