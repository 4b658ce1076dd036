import { test } from "uvu";
import * as assert from "uvu/assert";
import { log } from "../../generated/abi/component/lowering/log.ts";
import { DeprecationWarnings } from "../../src/host/deprecation-warnings.ts";
import { createHost } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { memoryLog } from "../helpers/memory-log.ts";
import { oldGuest } from "../helpers/old-guests.ts";

const OLD = { name: "a:b/c#old", since: "0.1.1", replacement: "new" };
const OLDER = { name: "a:b/d", since: "0.1.0" };

test("a line names each deprecated function with its replacement, and no name stands in a second line", () => {
	const { logger, lines } = memoryLog();
	const warnings = new DeprecationWarnings(logger, new Set());
	warnings.report("one.wasm", []);
	warnings.report("one.wasm", [OLD]);
	warnings.report("one.wasm", [OLD]);
	warnings.report("two.wasm", [OLD, OLDER]);
	assert.equal(lines, [
		{
			level: "warn",
			fields: { guest: "one.wasm", deprecated: [OLD] },
			message: "the guest imports what is deprecated, and a later version of the ABI may lack: `a:b/c#old` (since 0.1.1, use `new`)",
		},
		{
			level: "warn",
			fields: { guest: "two.wasm", deprecated: [OLDER] },
			message: "the guest imports what is deprecated, and a later version of the ABI may lack: `a:b/d` (since 0.1.0)",
		},
	]);
});

test("all hosts of a process log a deprecated function once, whatever the engine and the place of the guest", async () => {
	const deprecated = { since: "0.1.0", replacement: `test-${process.pid}` };
	Object.assign(log, { deprecated });
	const { logger, lines } = memoryLog();
	const notes = () => lines.filter(({ message }) => message.includes("deprecated"));
	try {
		for (const options of [{ isolation: "worker" }, {}, { engine: "jco" }] as const) {
			const host = await createHost({ config: { host: { cache_dir: scratch() } }, logger });
			await host.load(oldGuest("log-line").bytes, options);
			await host.load(oldGuest("chat-stream").bytes, options);
			await host.close();
			assert.is(notes().length, 1, JSON.stringify(options));
		}
	} finally {
		Reflect.deleteProperty(log, "deprecated");
	}
	assert.match(notes()[0]?.message ?? "", "`spear:ai/log` (since 0.1.0, use `test-");
	assert.equal(notes()[0]?.fields.deprecated, [{ name: "spear:ai/log", ...deprecated }]);
});

test.run();
