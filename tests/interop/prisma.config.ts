// prisma.config.ts - run the engine that is in the package, with no download
import { PrismaPg } from "@prisma/adapter-pg";
import { defineConfig } from "prisma/config";

// The timer of Prisma's wait for the lock runs on when the lock is had, and
// would keep the process for ten seconds.  It no longer does, but it still
// fires while the server owes an answer.
const { setTimeout } = globalThis;
globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
  const timer = setTimeout(...args);
  return args[1] === 10000 ? timer.unref() : timer;
}) as typeof setTimeout;

export default defineConfig({
  experimental: { adapter: true },
  engine: "js",
  schema: "prisma/schema.prisma",
  async adapter() {
    return new PrismaPg({
      connectionString: process.env.DATABASE_URL,
      allowExitOnIdle: true,
      max: 1, // the native engine has one session, too
    });
  },
});
