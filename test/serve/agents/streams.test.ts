/** User streams of agents that are core modules, over WebSockets. */
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { type Config, createHost, decodeFrame, encodeFrame, FrameType } from "../../../src/index.ts";
import { createServer, type SpearServer } from "../../../src/serve.ts";
import { PATIENT_ECHO } from "../../helpers/core-user-guests.ts";
import { assemble, buildTestGuest, scratch } from "../../helpers/guest.ts";

const frameOf = (streamId: number, text: string): Uint8Array => encodeFrame({ streamId, type: FrameType.data, data: Buffer.from(text) });

/** Runs a test against a server with an agent `echo`, which returns every frame, and an agent `component`. */
async function withAgents(run: (at: { url: string; server: SpearServer }) => Promise<void>, config: Config = {}): Promise<void> {
	const { component } = await buildTestGuest("export const run = (input) => input;", { world: "agent" });
	const echo = join(await mkdtemp(join(scratch(), "agent-")), "echo.wasm");
	await writeFile(echo, await assemble(PATIENT_ECHO));
	const agents = { echo: { component: echo, max_running: 2 }, component: { component } };
	const host = await createHost({ config: { host: { log_level: "silent" }, agents, ...config }, env: {} });
	const server = createServer(host);
	const { url } = await server.listen({ port: 0 });
	try {
		await run({ url: url.replace("http", "ws"), server });
	} finally {
		await server.close({ drainMs: 0 });
		await host.close();
	}
}

/** A client of a stream. */
class Client {
	readonly socket: WebSocket;
	readonly ended: Promise<string>;
	readonly received: Uint8Array[] = [];
	#wake: () => void = () => {};

	constructor(url: string) {
		this.socket = new WebSocket(url);
		this.socket.on("error", () => {});
		this.socket.on("message", (data) => {
			this.received.push(data as Buffer);
			this.#wake();
		});
		this.ended = new Promise((resolve) => {
			this.socket.on("close", (code, reason) => resolve(`${code} ${reason}`.trim()));
			this.socket.on("unexpected-response", (_, response) => {
				response.resume();
				resolve(`${response.statusCode}`);
			});
		});
	}

	async open(): Promise<this> {
		await once(this.socket, "open");
		return this;
	}

	/** Resolves when this many frames have arrived. Throws if the connection ends before. */
	async frames(count: number): Promise<readonly string[]> {
		const early = this.ended.then((reason) => {
			if (this.received.length < count) throw new Error(`the connection ended after ${this.received.length} frames: ${reason}`);
		});
		while (this.received.length < count) {
			const arrived = new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
			await Promise.race([arrived, early]);
		}
		early.catch(() => {});
		return this.received.map((frame) => {
			const { streamId, data } = decodeFrame(new Uint8Array(frame));
			return `${streamId} ${Buffer.from(data)}`;
		});
	}
}

test("frames go to the guest and come back while it runs, and its end follows the client's", () =>
	withAgents(async ({ url }) => {
		const client = await new Client(`${url}/agents/echo/streams`).open();
		client.socket.send(frameOf(1, "hello"));
		client.socket.send(frameOf(2, "you"));
		assert.equal([...(await client.frames(2))].sort(), ["1 hello", "2 you"]);
		client.socket.send(frameOf(1, "again"));
		assert.is((await client.frames(3))[2], "1 again");
		client.socket.close();
		await client.ended;
		// The places of runs that have ended are free.
		const others = [await new Client(`${url}/agents/echo/streams`).open()];
		others[0]?.socket.send(frameOf(1, "next"));
		assert.equal(await others[0]?.frames(1), ["1 next"]);
	}));

test("many frames are held back at the client while the guest is slow, and none is lost", () =>
	withAgents(async ({ url }) => {
		const client = await new Client(`${url}/agents/echo/streams`).open();
		const sent = Array.from({ length: 300 }, (_, index) => `${index} ${"x".repeat(20_000)}`);
		for (const text of sent) client.socket.send(frameOf(1, text));
		assert.equal(
			await client.frames(sent.length),
			sent.map((text) => `1 ${text}`),
		);
	}));

test("text, and bytes that are no frame, close the connection with the reason", () =>
	withAgents(async ({ url }) => {
		const text = await new Client(`${url}/agents/echo/streams`).open();
		text.socket.send("hello");
		assert.is(await text.ended, "1008 send frames as binary messages");
		const bytes = await new Client(`${url}/agents/echo/streams`).open();
		bytes.socket.send(Buffer.from("no frame"));
		assert.match(await bytes.ended, /^1008 .*no frame/);
	}));

test("an unknown agent, a component, and one run too many are refused with an answer of HTTP", () =>
	withAgents(async ({ url }) => {
		assert.is(await new Client(`${url}/agents/other/streams`).ended, "404");
		assert.is(await new Client(`${url}/agents/%zz/streams`).ended, "404");
		assert.is(await new Client(`${url}/agents/component/streams`).ended, "400");
		for (let run = 0; run < 2; run++) {
			const client = await new Client(`${url}/agents/echo/streams`).open();
			client.socket.send(frameOf(1, "here"));
			await client.frames(1);
		}
		assert.is(await new Client(`${url}/agents/echo/streams`).ended, "429");
	}));

test("a server that stops ends the run and closes with 1001", () =>
	withAgents(async ({ url, server }) => {
		const client = await new Client(`${url}/agents/echo/streams`).open();
		client.socket.send(frameOf(1, "here"));
		await client.frames(1);
		await server.close({ drainMs: 0 });
		assert.match(await client.ended, /^1001/);
	}));

test.run();
