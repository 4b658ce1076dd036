/** The suite of Promises/A+ as judge of the promises of QuickJS guests. The module runs in Node, and the host's loop empties its queue. */
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT, scratch } from "../../helpers/guest.ts";

interface Deferred {
	readonly promise: Promise<unknown>;
	resolve(value: unknown): void;
	reject(reason: unknown): void;
}

type Suite = (
	adapter: { resolved(value: unknown): unknown; rejected(reason: unknown): unknown; deferred(): Deferred },
	options: { readonly reporter: string; readonly timeout: number },
	done: (failures: unknown) => void,
) => void;

test("the promises of a QuickJS guest pass the suite of Promises/A+", async () => {
	const { outputFiles } = await build({
		stdin: {
			contents:
				'import { installPromise } from "./promise.ts"; export { runMicrotasks } from "./microtasks.ts"; export { installPromise };',
			resolveDir: join(ROOT, "src/guest/platform"),
		},
		bundle: true,
		write: false,
		format: "esm",
		plugins: [
			{
				name: "no log",
				setup({ onResolve, onLoad }) {
					onResolve({ filter: /^spear:ai\// }, ({ path }) => ({ path, namespace: "none" }));
					onLoad({ filter: /./, namespace: "none" }, () => ({ contents: "export const log = () => {};" }));
				},
			},
		],
	});
	const file = join(scratch(), "promise.mjs");
	await writeFile(file, outputFiles[0]?.text ?? "");
	const { installPromise, runMicrotasks } = await import(pathToFileURL(file).href);
	const native = globalThis.Promise;
	installPromise();
	const Guest = globalThis.Promise;
	globalThis.Promise = native;
	const suite: Suite = createRequire(import.meta.url)("promises-aplus-tests");
	let isDone = false;
	const loop = (): void => {
		runMicrotasks();
		if (!isDone) setImmediate(loop);
	};
	loop();
	const failures = await new native<unknown>((resolve) => {
		suite(
			{
				resolved: (value) => Guest.resolve(value),
				rejected: (reason) => Guest.reject(reason),
				deferred: () => Guest.withResolvers(),
			},
			{ reporter: "min", timeout: 60_000 },
			(failed) => resolve(failed),
		);
	});
	isDone = true;
	assert.ok(failures === null || failures === undefined, String(failures));
});

test.run();
