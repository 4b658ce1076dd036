/** Thread of the tests: an engine that counts, waits, fails or ends, as each task says. */
import { existsSync, rmSync } from "node:fs";
import process from "node:process";
import { serveEngine } from "../../../../src/backends/kit/engine/serve-engine.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";

export type ToyTask =
	| { readonly count: number }
	/** Computes until the task is cancelled. */
	| { readonly spin: true }
	| { readonly fail: string; readonly code?: "invalid_request" }
	/** Ends the thread. With a file: only if it exists, and removes it. */
	| { readonly exit: number; readonly ifExists?: string }
	| { readonly throwLater: string }
	| { readonly length: Uint8Array };

await serveEngine<ToyTask, number, string>((settings) => {
	if (settings === "unusable") throw new Error("the file /secret/model is broken");
	if (settings === "refused") throw new SpearError("backend_error", "the model is broken; pull it again");
	let tasks = 0;
	return async (task, context) => {
		tasks++;
		if ("count" in task) for (let number = 1; number <= task.count; number++) context.emit(number);
		if ("spin" in task) {
			context.emit(0);
			while (!context.isCancelled);
			return "cancelled";
		}
		if ("fail" in task) throw task.code === undefined ? new Error(task.fail) : new SpearError(task.code, task.fail);
		if ("exit" in task && (task.ifExists === undefined || existsSync(task.ifExists))) {
			if (task.ifExists !== undefined) rmSync(task.ifExists);
			process.exit(task.exit);
		}
		if ("throwLater" in task) {
			setImmediate(() => {
				throw new Error(task.throwLater);
			});
			await new Promise(() => {});
		}
		if ("length" in task) return `${task.length.byteLength} bytes`;
		return `${settings} ${tasks}`;
	};
});
