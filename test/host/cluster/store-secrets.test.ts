/** What the shared store learns of two hosts in full use: neither keys, nor addresses of backends, nor contents. */
import { hash } from "node:crypto";
import { createServer } from "node:http";
import { join } from "node:path";
import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Config, ConfigError, createHost, type Host } from "../../../src/index.ts";
import { GuestMedia } from "../../../src/media/guest-media.ts";
import { eventually } from "../../helpers/cluster.ts";
import { ROOT } from "../../helpers/guest.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { monitored, storedText } from "../../helpers/store-content.ts";
import { freshDirectory } from "../../media/media-fixture.ts";

const AGENT = join(ROOT, "examples/cluster/agent.wasm");

const ENV = {
	KEY_ONE: "sk-rejected-4f0c7a1be2d9", // the backend rejects this one
	KEY_TWO: "sk-accepted-93be5c02aa17",
	CONTENT_KEY: "content-key-0123456789abcdef0123456789",
	SEAL_KEY: "seal-key-0123456789abcdef0123456789abcd",
};

/** Contents: a question, the model's answer, the input of a run, an object. */
const CONTENTS = {
	question: "tell me of the zebra",
	answer: "an answer on quaggas",
	input: "input on okapis",
	object: "an object on gnus",
};

const chat = (text: string) => ({
	model: "m",
	messages: [{ role: "user" as const, content: [{ type: "text" as const, text }], tool_calls: [] }],
	tools: [],
});

/** Forms in which a reader of the store could recognize a secret. */
function formsOf(secret: string): string[] {
	const encoded = (["hex", "base64", "base64url"] as const).flatMap((encoding) => [
		Buffer.from(secret).toString(encoding),
		hash("sha256", secret, encoding),
	]);
	return [secret, ...encoded, encodeURIComponent(secret)];
}

/** A backend that rejects the first key. */
async function upstream() {
	const server = createServer((request, response) => {
		request.resume();
		const isRejected = request.headers.authorization?.includes(ENV.KEY_ONE) === true;
		response.writeHead(isRejected ? 401 : 200, { "content-type": "application/json" });
		const message = { role: "assistant", content: CONTENTS.answer };
		const completion = {
			id: "c",
			object: "chat.completion",
			created: 1,
			model: "m",
			choices: [{ index: 0, message, finish_reason: "stop" }],
		};
		response.end(
			JSON.stringify(
				isRejected ? { error: { message: `Incorrect API key provided: ${ENV.KEY_ONE}`, code: "invalid_api_key" } } : completion,
			),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("no port");
	return { place: `127.0.0.1:${address.port}`, close: () => void server.close().closeAllConnections() };
}

type Use = (hosts: readonly [Host, Host]) => Promise<void>;

/** Returns all that a server holds, and has received, after the use of two hosts. */
async function learned(
	cluster: Omit<NonNullable<Config["cluster"]>, "url">,
	media: Config["media"],
	use: Use,
): Promise<{ seen: string; place: string }> {
	await using server = await RedisServer.start();
	const redis = new Redis(server.port, "127.0.0.1");
	const backend = await upstream();
	const monitor = await monitored(redis);
	const config: Config = {
		host: { log_level: "silent", seal_key_env: "SEAL_KEY" },
		cluster: { url: server.url, ...cluster },
		...(media === undefined ? {} : { media }),
		backends: {
			upstream: {
				...{
					kind: "openai-compatible",
					base_url: `http://${backend.place}/private-path/v1`,
					api_key_env: ["KEY_ONE", "KEY_TWO"],
					models: [{ name: "m" }],
				},
				limits: { concurrency: 4, requests_per_minute: 1_000, tokens_per_minute: 1_000_000 },
			},
		},
		guests: { shop: { requests_per_minute: 1_000, tokens_per_minute: 100_000, concurrency: 10, budget: { amount: 5, per: "day" } } },
	};
	const hosts = await Promise.all([createHost({ config, env: ENV }), createHost({ config, env: ENV })] as const);
	try {
		for (const host of hosts)
			for (let index = 0; index < 4; index += 1) await host.client({ guest: "shop" }).call("chat_completions", chat(CONTENTS.question));
		await use(hosts);
		await eventually(async () => (await storedText(redis)).includes("key_rejected"));
		const seen = `${await storedText(redis)}\n${monitor.text()}`;
		for (const use of ["{limits:guest%3A", "{members:all}", "key_rejected", "PUBLISH spear:1:hints"]) assert.ok(seen.includes(use), use);
		return { seen, place: backend.place };
	} finally {
		await Promise.all(hosts.map((host) => host.close()));
		monitor.stop();
		redis.disconnect();
		backend.close();
	}
}

function mediaOf(host: Host): GuestMedia {
	const { media } = host.client({ guest: "shop" });
	if (media instanceof GuestMedia) return media;
	throw new Error("the media of a client are of another class");
}

/** Returns the secrets that appear in a text, by name. */
function foundIn(seen: string, secrets: Readonly<Record<string, string>>): string[] {
	return Object.entries(secrets).flatMap(([name, secret]) => (formsOf(secret).some((form) => seen.includes(form)) ? [name] : []));
}

/** Returns the contents that appear in a text, by name. */
function readableIn(seen: string): string[] {
	return Object.entries(CONTENTS).flatMap(([name, content]) => (seen.includes(content) ? [name] : []));
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test("without contents in the store, it learns no key, no address and no content, and runs and media in it are refused", async () => {
		const shared = { shared: "directory", dir: freshDirectory() } as const;
		const { seen, place } = await learned({ content: "none" }, shared, async ([one, two]) => {
			const refused: unknown = await one.submit("greeter", CONTENTS.input).catch((thrown: unknown) => thrown);
			assert.match(String(refused), 'set content = "sealed"');
			const { reference } = await mediaOf(one).put(Buffer.from(CONTENTS.object), "text/plain");
			assert.is(Buffer.from(await mediaOf(two).get(reference)).toString(), CONTENTS.object);
		});
		const { CONTENT_KEY: _, ...keys } = ENV;
		assert.equal(foundIn(seen, { ...keys, place, path: "private-path", dir: shared.dir }), []);
		assert.equal(readableIn(seen), []);
		const media: unknown = await createHost({
			config: { cluster: { url: "redis://127.0.0.1:1" }, media: { shared: "redis" } },
		}).catch((thrown: unknown) => thrown);
		assert.instance(media, ConfigError);
	});

	for (const content of ["sealed", "plain"] as const)
		test(`with ${content} contents, runs and media are in the store, and ${content === "sealed" ? "unreadable" : "readable, but no key"}`, async () => {
			const key = content === "sealed" ? { content_key_env: "CONTENT_KEY" } : {};
			const { seen, place } = await learned({ content, ...key }, { shared: "redis" }, async ([one, two]) => {
				const worker = two.work({ greeter: await two.load(AGENT, { guest: "shop" }) });
				// The agent is a core module, which refuses an input.
				const failed = await one.submit("greeter", CONTENTS.input, { guest: "shop" });
				const run = await one.submit("greeter", "", { guest: "shop" });
				assert.match(String(await failed.result().catch((thrown: unknown) => thrown)), "takes no input");
				const texts: string[] = [];
				for await (const { event } of run.events()) if (event.type === "text") texts.push(event.text);
				assert.match(texts.join(""), CONTENTS.answer);
				await worker.stop();
				const { reference } = await mediaOf(one).put(Buffer.from(CONTENTS.object), "text/plain");
				assert.is(Buffer.from(await mediaOf(two).get(reference)).toString(), CONTENTS.object);
			});
			assert.equal(foundIn(seen, { ...ENV, place, path: "private-path" }), []);
			assert.equal(readableIn(seen), content === "sealed" ? [] : ["answer", "input", "object"]);
			assert.ok(seen.includes("{runs:greeter}") && seen.includes("{content:"));
		});
}

test.run();
