import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Config, ConfigError, createHost } from "../../src/index.ts";
import { memoryLog } from "../helpers/memory-log.ts";

const BACKENDS = { a: { kind: "stub" }, b: { kind: "stub" } };

async function messagesOf(telemetry: unknown): Promise<string[]> {
	// @ts-expect-error: values that the type does not allow.
	const thrown: unknown = await createHost({ config: { telemetry, backends: BACKENDS } }).catch((error: unknown) => error);
	return thrown instanceof ConfigError ? thrown.faults.map(({ path, message }) => `${path}: ${message}`) : [`not refused: ${thrown}`];
}

test("a name of propagate that is no backend is a fault with the closest name", async () => {
	assert.equal(await messagesOf({ propagate: ["a", "*", "bb"] }), [
		"telemetry.propagate[2]: 'bb' is not known; did you mean 'b'?; known are: a, b",
	]);
});

test("values of another type, and unknown keys, are faults", async () => {
	const found = await messagesOf({ metrics: "yes", max_content_bytes: 1, metric: true });
	assert.equal(found.map((text) => text.split(":")[0]).toSorted(), [
		"telemetry.max_content_bytes",
		"telemetry.metric",
		"telemetry.metrics",
	]);
});

test("metrics and the SDK change at a restart, and the rest by a reload", async () => {
	const { logger } = memoryLog();
	const config = (telemetry: Config["telemetry"]): Config => ({ backends: BACKENDS, ...(telemetry === undefined ? {} : { telemetry }) });
	const host = await createHost({ config: config(undefined), logger });
	const reports = [
		await host.reload(config({ propagate: ["*"], capture_content: true })),
		await host.reload(config({ metrics: true, opentelemetry: true })),
	];
	await host.close();
	assert.equal(
		reports.map(({ needRestart }) => needRestart),
		[[], ["telemetry.metrics", "telemetry.opentelemetry"]],
	);
});

test.run();
