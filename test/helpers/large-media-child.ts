/**
 * A host in a process of its own, whose memory can be measured: `node large-media-child.ts <component> <base URL> <cache>`. Answers each
 * command message with the outcome of the guest and the bytes by which the process grew meanwhile.
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { ask, type FamilyCommand } from "./family-guest.ts";
import { createHost } from "./isolation.ts";

const [component = "", baseUrl = "", cacheDir = ""] = process.argv.slice(2);
const host = await createHost({
	config: {
		host: { cache_dir: cacheDir },
		backends: { upstream: { kind: "openai-compatible", base_url: baseUrl, models: ["m"] } },
	},
	env: {},
});
const instance = await (await host.load(component)).instantiate();

/** Returns the largest resident set since the last call, in bytes, as the kernel measured it. */
function peak(): number {
	const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
	writeFileSync("/proc/self/clear_refs", "5"); // Begins a new peak.
	return Number(kibibytes) * 1024;
}

process.on("message", (command: FamilyCommand | "close") => {
	void (async () => {
		if (command === "close") {
			await host.close();
			process.disconnect();
			return;
		}
		peak();
		const before = process.memoryUsage.rss();
		const outcome = await ask(instance, command).then(
			([first]) => first,
			(error: unknown) => String(error),
		);
		process.send?.({ outcome, grown: peak() - before });
	})();
});
process.send?.("ready");
