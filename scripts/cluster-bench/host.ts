/** A host of the benchmark: leases limits of the store at the URL, and is loaded as its parent says. */

import process from "node:process";
import { LeasedLimits } from "../../src/cluster/leases/leased-limits.ts";
import { MemoryLimitStore } from "../../src/router/limits/memory-limit-store.ts";
import { systemClock } from "../../src/time/clock.ts";
import { connectedStore } from "../../test/helpers/redis-store.ts";
import { type LimitLoad, load } from "./load.ts";

const [, , host = "h", url = ""] = process.argv;
const store = await connectedStore(url, "bench");
const limits = new LeasedLimits({
	host,
	room: store.limits,
	connection: store.connection,
	clock: systemClock,
	policies: () => ({ requests: "local_share", tokens: "local_share", money: "local_share", concurrency: "local_share" }),
	onPolicy: (change) => console.error(host, change),
	onFault: (bucket, fault) => console.error(host, bucket, fault.message),
});

process.on("message", async (message: { readonly loads: readonly LimitLoad[] }) => {
	const local = new MemoryLimitStore(systemClock);
	const outcomes = await Promise.all(message.loads.map((each) => load(limits, each, local)));
	process.send?.({ outcomes, counts: limits.counts });
});
process.on("disconnect", async () => {
	await limits.close();
	await store.close();
});
process.send?.("ready");
