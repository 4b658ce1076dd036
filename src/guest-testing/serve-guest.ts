import { DrivenHost } from "./driven-host.ts";
import { post, type ThreadData, type ToHost } from "./protocol.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Serves the messages of a guest's thread: one host after the other. */
export function serveGuest(data: ThreadData, time: VirtualTime | undefined): void {
	let host: DrivenHost | undefined;
	const receive = async (message: ToHost): Promise<void> => {
		if (message.type !== "open") return host?.receive(message);
		host = await DrivenHost.open(data, time, message.setup);
		post(data, { type: "done", now: 0 });
	};
	data.port.on("message", (message: ToHost) => {
		receive(message).catch((thrown: unknown) => {
			post(data, { type: "failed", message: thrown instanceof Error ? thrown.message : String(thrown) });
		});
	});
}
