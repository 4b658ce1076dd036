import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratch } from "../helpers/guest.ts";
import { mediaComponent } from "../helpers/media-guest.ts";

/** 200 MB through every layer. The memory of the host's process must not grow with the size of the media. */

const MEBIBYTE = 1024 * 1024;
const SIZE = 200 * MEBIBYTE;
const MAX_GROWTH = 50 * MEBIBYTE;

/** Starts an upstream that counts the bytes of a request and sends a large recording, and holds neither in memory. */
async function countingServer(): Promise<{ baseUrl: string; received: () => number; close: () => Promise<void> }> {
	let received = 0;
	const listen = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		received = 0;
		for await (const object of request) received += object.length;
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ text: `${received} bytes` }));
	};
	const speak = async (response: ServerResponse): Promise<void> => {
		response.writeHead(200, { "content-type": "audio/wav", "content-length": String(SIZE) });
		const object = Buffer.alloc(MEBIBYTE, 7);
		for (let sent = 0; sent < SIZE; sent += MEBIBYTE) if (!response.write(object)) await once(response, "drain");
		response.end();
	};
	const server = createServer(
		(request, response) => void (request.url === "/v1/audio/speech" ? speak(response) : listen(request, response)),
	);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("no port");
	return {
		baseUrl: `http://127.0.0.1:${address.port}/v1`,
		received: () => received,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Number of measurements. The median counts, because the engine chooses when it collects garbage. */
const ROUNDS = 3;

/** Returns true if the median is below the limit, whatever the remaining measurements are. */
function settled(values: readonly number[]): boolean {
	return values.length > ROUNDS / 2 && values.every((value) => value < MAX_GROWTH);
}

function median([...values]: number[]): number {
	return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

const skip = process.platform !== "linux"; // Only Linux reports the peak of a process.
if (skip) console.log("SKIP large media: only Linux reports the peak memory of a process");

(skip ? test.skip : test)("an upload and a download of 200 MB grow the process by less than 50 MB each", async () => {
	const server = await countingServer();
	const component = await mediaComponent();
	const child = fork(fileURLToPath(new URL("../helpers/large-media-child.ts", import.meta.url)), [component, server.baseUrl, scratch()], {
		stdio: ["ignore", "ignore", "inherit", "ipc"],
		// The first run of code from the compile cache takes memory, which would count as growth.
		env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" },
	});
	const exit = once(child, "exit");
	const ask = async (command: {
		readonly do: "upload" | "download" | "forget";
		readonly mebibytes?: number;
	}): Promise<{ outcome: unknown; grown: number }> => {
		child.send(command);
		const [answer] = await once(child, "message");
		return answer;
	};
	try {
		await once(child, "message");
		await ask({ do: "upload", mebibytes: 8 }); // Loads modules and buffers that later measurements reuse.
		const uploads: number[] = [];
		const downloads: number[] = [];
		for (let round = 0; round < ROUNDS && !(settled(uploads) && settled(downloads)); round++) {
			const upload = await ask({ do: "upload", mebibytes: SIZE / MEBIBYTE });
			assert.equal(upload.outcome, { ok: { size: SIZE, text: `${server.received()} bytes` } });
			assert.ok(server.received() > SIZE && server.received() < SIZE + 1000, `${server.received()} bytes arrived`);
			uploads.push(upload.grown);
			const download = await ask({ do: "download" });
			assert.equal(download.outcome, { ok: { mimeType: "audio/wav" } });
			downloads.push(download.grown);
			await ask({ do: "forget" });
		}
		console.log(`grown by ${[...uploads, ...downloads].map((bytes) => Math.round(bytes / MEBIBYTE)).join(", ")} MiB`);
		assert.ok(median(uploads) < MAX_GROWTH, `uploads: grown by ${uploads}`);
		assert.ok(median(downloads) < MAX_GROWTH, `downloads: grown by ${downloads}`);
		child.send("close");
		assert.equal(await exit, [0, null]);
	} finally {
		if (child.exitCode === null) child.kill();
		await server.close();
	}
});

test.run();
