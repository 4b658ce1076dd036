/**
 * `npm run fetch:test-redis`: installs `redis-server` with apt for the tests of several hosts. A server that is there stays, and `SPEAR_TEST_REDIS` names
 * another one, e.g. Valkey.
 *
 * Prints one line. Exits 1 if the server could not be installed; tests that need it are then skipped.
 */
import "./require-node.ts";
import process from "node:process";
import { installTestRedis, testRedis } from "./testing/test-redis.ts";

try {
	await installTestRedis();
	console.log(`the Redis of the tests is ${testRedis()}`);
} catch (thrown) {
	const reason = thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : String(thrown);
	console.error(`the Redis of the tests could not be installed, so its tests are skipped: ${reason}`);
	process.exitCode = 1;
}
