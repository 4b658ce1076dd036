/** Two hosts of one place of contents: writes on one and reads on the other, and prints a line for each way. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { GuestMedia } from "../../src/media/guest-media.ts";
import { SharedMediaStore } from "../../src/media/shared/shared-media-store.ts";
import { MediaStore } from "../../src/media/store.ts";
import { openPlace } from "./places.ts";

/** Bytes of the object before the measured one. */
const WARM_UP_BYTES = 128 * 1024 * 1024;

const [kind = "", size = "0"] = process.argv.slice(2);
const bytes = Number(size);
const folder = await mkdtemp(join(tmpdir(), "spear-bench-media-"));
const settings = {
	dir: undefined,
	maxBytes: bytes,
	quotaBytes: 2 * bytes,
	maxCallBytes: 16_777_216,
	expiresAfterS: 3_600,
	allowedHosts: [],
	allowPrivateAddresses: false,
};
const place = await openPlace(kind, { folder, maxBytes: bytes });

async function hostOf(name: string): Promise<{ readonly store: SharedMediaStore; readonly media: GuestMedia }> {
	const local = await MediaStore.open(settings);
	const store = new SharedMediaStore({
		local,
		objects: place.objects,
		contents: await place.contents(),
		host: name,
		onFault: console.error,
	});
	return { store, media: new GuestMedia(store, { id: "guest-bench", name: "bench" }) };
}

/** Returns the largest resident set since the last call, in bytes, as the kernel measured it. */
function peak(): number {
	const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
	writeFileSync("/proc/self/clear_refs", "5"); // Begins a new peak.
	return Number(kibibytes) * 1024;
}

async function measured(way: string, run: () => Promise<void>): Promise<void> {
	peak();
	const before = process.memoryUsage().rss;
	const start = performance.now();
	await run();
	const seconds = (performance.now() - start) / 1000;
	const mib = (count: number): string => (count / 1024 ** 2).toFixed(0).padStart(5);
	console.log(`${kind.padEnd(10)} ${way.padEnd(28)} ${mib(bytes / seconds)} MiB/s   memory +${mib(peak() - before)} MiB`);
}

const one = await hostOf("one");
const two = await hostOf("two");
const signal = new AbortController().signal;
const chunk = Buffer.alloc(256 * 1024, "content ");

/** Takes an object both ways, each by `watch`. */
async function pass(bytes: number, watch: (way: string, run: () => Promise<void>) => Promise<void>): Promise<void> {
	const writer = one.media.writer(undefined);
	await watch("writer of a guest", async () => {
		for (let written = 0; written < bytes; written += chunk.byteLength) {
			await writer.write(chunk.subarray(0, Math.min(chunk.byteLength, bytes - written)));
		}
	});
	const { reference } = await writer.finish();
	await watch("reader of a guest", async () => {
		using reader = await two.media.reader(reference);
		let read = 0;
		for (let part = await reader.read(1_048_576); part !== undefined; part = await reader.read(1_048_576)) read += part.byteLength;
		if (read !== bytes) throw new Error(`read ${read} bytes`);
	});
	await watch("stream of a backend", async () => {
		let read = 0;
		for await (const part of (await two.media.open(reference, signal)).stream()) read += part.byteLength;
		if (read !== bytes) throw new Error(`read ${read} bytes`);
	});
	await one.media.remove(reference);
}

try {
	// The heap grows to its usual size with the first object, whatever the size of the next.
	await pass(Math.min(bytes, WARM_UP_BYTES), (_, run) => run());
	await pass(bytes, measured);
} finally {
	await one.store.close();
	await two.store.close();
	await place.close();
	rmSync(folder, { recursive: true, force: true });
}
