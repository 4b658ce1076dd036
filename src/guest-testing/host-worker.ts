/** The thread of a mock host: a real host, whose guest runs in the thread of the test. */
import { workerData } from "node:worker_threads";
import { post, type ThreadData } from "./protocol.ts";
import { VirtualTime } from "./virtual-time.ts";

// `workerData` has no type of its own.
const data: ThreadData = workerData;
const time = data.time === "virtual" ? new VirtualTime() : undefined;
// Before any module of the host takes a clock.
time?.install();
try {
	const { serveGuest } = await import("./serve-guest.ts");
	serveGuest(data, time);
} catch (thrown) {
	post(data, { type: "failed", message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
}
