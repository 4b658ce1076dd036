import { test } from "uvu";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { connectedStore } from "../../helpers/redis-store.ts";
import { passTime } from "../../helpers/redis-time.ts";
import { blocksConformance } from "../conformance/blocks.ts";

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	blocksConformance(async () => {
		const server = await RedisServer.start();
		const store = await connectedStore(server.url);
		return {
			blocks: store.blocks,
			pass: (ms) => passTime(store, ms),
			async [Symbol.asyncDispose]() {
				await store.close();
				await server[Symbol.asyncDispose]();
			},
		};
	});
}

test.run();
