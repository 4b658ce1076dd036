import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadRedis } from "../../../src/cluster/redis/load-redis.ts";
import { RedisConnection } from "../../../src/cluster/redis/redis-connection.ts";
import type { RedisSettings } from "../../../src/cluster/redis/redis-settings.ts";
import { NOW, Script } from "../../../src/cluster/redis/script.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { TcpProxy } from "../../helpers/tcp-proxy.ts";

const ADD = new Script("add", `${NOW} redis.call('SET', KEYS[1], ARGV[1]) return {redis.call('GET', KEYS[1]), now()}`);

async function connected(settings: Partial<RedisSettings>): Promise<RedisConnection & Disposable> {
	const defaults = { sentinels: undefined, user: undefined, password: undefined, ca: undefined, timeoutMs: 1_000 };
	const connection = new RedisConnection({ url: "redis://127.0.0.1", ...defaults, ...settings }, await loadRedis());
	try {
		await connection.connect();
	} catch (thrown) {
		connection.close();
		throw thrown;
	}
	return Object.assign(connection, { [Symbol.dispose]: () => connection.close() });
}

async function failureOf(call: Promise<unknown>): Promise<StoreError> {
	try {
		await call;
	} catch (thrown) {
		if (thrown instanceof StoreError) return thrown;
		throw thrown;
	}
	throw new Error("the call did not fail");
}

/** Resolves at the next change of the connection's state. */
function change(connection: RedisConnection): Promise<boolean> {
	return new Promise((resolve) => {
		const end = connection.onChange(({ reachable }) => {
			end();
			resolve(reachable);
		});
	});
}

/** A server that answers the first SUBSCRIBE alone, and `PING` and `INFO`. */
class SubscribeServer implements AsyncDisposable {
	readonly #server = createServer((socket) => this.#serve(socket));
	readonly #sockets = new Set<Socket>();
	/** Channels of the SUBSCRIBE commands that have arrived. */
	readonly subscribed: string[] = [];
	/** Called after each of them. */
	onSubscribe = (): void => {};

	async start(): Promise<string> {
		this.#server.listen(0, "127.0.0.1");
		await once(this.#server, "listening");
		const address = this.#server.address();
		return `redis://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
	}

	cut(): void {
		for (const socket of this.#sockets) socket.destroy();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.cut();
		this.#server.close();
		await once(this.#server, "close");
	}

	#serve(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on("error", () => {});
		socket.on("data", (bytes) => {
			for (const [, name = "", channel = ""] of `${bytes}`.matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n(?:\$\d+\r\n([^\r]*)\r\n)?/g)) {
				if (name.toLowerCase() !== "subscribe") socket.write("$16\r\nredis_version:7.\r\n");
				else {
					if (this.subscribed.push(channel) === 1) socket.write(`*3\r\n$9\r\nsubscribe\r\n$${channel.length}\r\n${channel}\r\n:1\r\n`);
					this.onSubscribe();
				}
			}
		});
	}
}

test("a connection that is closed while it subscribes again leaves no rejection without a handler", async () => {
	await using server = new SubscribeServer();
	const unhandled: unknown[] = [];
	const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
	process.on("unhandledRejection", onUnhandled);
	try {
		const connection = await connected({ url: await server.start() });
		const subscribed = (): Promise<void> =>
			new Promise((resolve) => {
				server.onSubscribe = resolve;
			});
		const first = subscribed();
		connection.subscribe("news", () => {});
		await first;
		const again = subscribed();
		server.cut();
		await again;
		connection.close();
		await setTimeout(20);
		assert.equal(unhandled, []);
		assert.equal(server.subscribed, ["news", "news"]);
	} finally {
		process.off("unhandledRejection", onUnhandled);
	}
});

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test("a script runs by its digest, and after the server has forgotten it", async () => {
		await using server = await RedisServer.start();
		using connection = await connected({ url: server.url });
		for (const value of ["1", "2"]) {
			const reply = await connection.run(ADD, ["k"], [value]);
			assert.ok(Array.isArray(reply) && Buffer.isBuffer(reply[0]) && reply[0].toString() === value);
			assert.ok(typeof reply[1] === "number" && Math.abs(reply[1] - Date.now()) < 5_000);
			await connection.command("SCRIPT", "FLUSH");
		}
	});

	test("a call fails at once while the link is cut, and a call works again after it", async () => {
		await using server = await RedisServer.start();
		await using proxy = await TcpProxy.start(server.port);
		using connection = await connected({ url: `redis://127.0.0.1:${proxy.port}` });
		const closed = change(connection);
		proxy.cut();
		assert.is(await closed, false);
		assert.is((await failureOf(connection.command("GET", "k"))).reason, "unreachable");
		const open = change(connection);
		proxy.restore();
		assert.is(await open, true);
		assert.is(await connection.command("GET", "k"), null);
	});

	test("calls and notifications use another server when the machine of the present one is gone without a word", async () => {
		await using first = await RedisServer.start();
		await using second = await RedisServer.start();
		await using proxy = await TcpProxy.start(first.port);
		using connection = await connected({ url: `redis://127.0.0.1:${proxy.port}`, timeoutMs: 100 });
		const heard = new Promise<string>((resolve) => connection.subscribe("news", (message) => resolve(message.toString())));
		await connection.command("SET", "k", "first");
		proxy.silence(second.port);
		assert.is((await failureOf(connection.command("GET", "k"))).reason, "unreachable");
		assert.is(await change(connection), true);
		assert.is(await connection.command("GET", "k"), null);
		using publisher = await connected({ url: second.url });
		while ((await publisher.command("PUBLISH", "news", "hello")) === 0) await setTimeout(20);
		assert.is(await heard, "hello");
	});

	test("a server that hangs fails a call after the timeout, and counts as unreachable until it answers", async () => {
		await using server = await RedisServer.start();
		using connection = await connected({ url: server.url, timeoutMs: 100 });
		server.freeze();
		const failure = await failureOf(connection.command("SET", "k", "1"));
		assert.equal([failure.reason, failure.mayHaveRun, connection.state.reachable], ["unreachable", true, false]);
		const open = change(connection);
		server.thaw();
		assert.is(await open, true);
	});

	test("messages arrive over a channel, also after the connection was cut", async () => {
		await using server = await RedisServer.start();
		await using proxy = await TcpProxy.start(server.port);
		using connection = await connected({ url: `redis://127.0.0.1:${proxy.port}` });
		const received: string[] = [];
		let notify = (): void => {};
		connection.subscribe("news", (message) => {
			received.push(message.toString());
			notify();
		});
		const publish = async (text: string): Promise<void> => {
			const arrived = new Promise<void>((resolve) => {
				notify = resolve;
			});
			while ((await server.command(`PUBLISH news ${text}`)) !== ":1") await setTimeout(5);
			await arrived;
		};
		await publish("first");
		const open = change(connection).then(() => change(connection));
		proxy.cut();
		proxy.restore();
		await open;
		await publish("second");
		assert.equal(received, ["first", "second"]);
	});

	test("a wrong password, a full server and a key of another type are told apart", async () => {
		await using server = await RedisServer.start({ args: ["--requirepass", "correct horse"] });
		const refused = await failureOf(connected({ url: server.url, password: "wrong" }));
		assert.match(refused.message, "WRONGPASS");
		using connection = await connected({ url: server.url, password: "correct horse" });
		await connection.command("RPUSH", "list", "1");
		assert.is((await failureOf(connection.command("GET", "list"))).reason, "invalid_value");
		await connection.command("CONFIG", "SET", "maxmemory", "1");
		assert.is((await failureOf(connection.command("SET", "k", "1"))).reason, "full");
		assert.is((await failureOf(connection.run(ADD, ["k"], ["1"]))).reason, "full");
	});

	test("a closed connection refuses calls", async () => {
		await using server = await RedisServer.start();
		const connection = await connected({ url: server.url });
		connection.close();
		assert.is((await failureOf(connection.command("PING"))).reason, "closed");
	});
}

test.run();
