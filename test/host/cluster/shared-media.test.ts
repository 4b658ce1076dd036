import { randomBytes } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Config, createHost, type Host } from "../../../src/index.ts";
import { GuestMedia } from "../../../src/media/guest-media.ts";
import { NO_REDIS, RedisServer } from "../../helpers/redis-server.ts";
import { S3_BUCKET, S3_KEYS, S3_REGION, S3Server } from "../../helpers/s3-server.ts";
import { freshDirectory, refusal } from "../../media/media-fixture.ts";

const ENV = { S3_ID: S3_KEYS.accessKeyId, S3_SECRET: S3_KEYS.secretAccessKey, CONTENT_KEY: "0123456789abcdef0123456789abcdef" };
const UNKNOWN = "not_permitted: reference: this guest has no such media object; it may have expired or been removed";

function mediaOf(host: Host, guest: string): GuestMedia {
	const { media } = host.client({ guest });
	if (media instanceof GuestMedia) return media;
	throw new Error("the media of a client are of another class");
}

/** Runs a test on three hosts of one server: two of one deployment, and one of another. */
async function onHosts(
	server: RedisServer,
	media: Config["media"],
	run: (one: Host, two: Host, other: Host) => Promise<void>,
): Promise<void> {
	const hostOf = (prefix: string): Promise<Host> =>
		createHost({
			config: {
				host: { log_level: "silent" },
				media: { ...media, quota_bytes: 1_000_000 },
				cluster: { url: server.url, prefix, content: "sealed", content_key_env: "CONTENT_KEY", timeout_ms: 500 },
			},
			env: ENV,
		});
	const hosts = [await hostOf("fleet"), await hostOf("fleet"), await hostOf("other")] as const;
	try {
		await run(...hosts);
	} finally {
		for (const host of hosts) await host.close();
	}
}

async function passes(one: Host, two: Host, other: Host): Promise<void> {
	const bytes = randomBytes(700_000);
	const { reference } = await mediaOf(one, "alice").put(bytes, undefined);
	assert.ok(Buffer.from(await mediaOf(two, "alice").get(reference)).equals(bytes));
	assert.is(await refusal(mediaOf(two, "bob").get(reference)), UNKNOWN);
	assert.is(await refusal(mediaOf(other, "alice").get(reference)), UNKNOWN);
	assert.match(await refusal(mediaOf(two, "alice").put(bytes, undefined)), "of which 700000 are used: 700000 more do not fit");
	await mediaOf(one, "alice").remove(reference);
	assert.is(await refusal(mediaOf(two, "alice").get(reference)), UNKNOWN);
	await mediaOf(two, "alice").remove((await mediaOf(two, "alice").put(bytes, undefined)).reference);
}

if (NO_REDIS !== undefined) test.skip(`real Redis: ${NO_REDIS}`, () => {});
else {
	test("media pass from host to host through a shared directory", async () => {
		await using server = await RedisServer.start();
		await onHosts(server, { shared: "directory", dir: freshDirectory() }, passes);
	});

	test("media pass from host to host through the shared store, and nothing of them is left there", async () => {
		await using server = await RedisServer.start();
		await onHosts(server, { shared: "redis" }, async (...hosts) => {
			await passes(...hosts);
			assert.is(await server.command("EVAL \"return #redis.call('KEYS','*content*')\" 0"), ":0");
		});
	});

	test("media pass from host to host through a bucket", async () => {
		await using server = await RedisServer.start();
		await using s3 = await S3Server.start();
		const bucket = {
			endpoint: s3.endpoint.origin,
			bucket: S3_BUCKET,
			region: S3_REGION,
			access_key_env: "S3_ID",
			secret_key_env: "S3_SECRET",
		};
		await onHosts(server, { shared: "s3", s3: bucket }, async (...hosts) => {
			await passes(...hosts);
			assert.is(s3.objects.size, 0);
			assert.ok(s3.requests.every(({ url }) => url.startsWith(`/${S3_BUCKET}/fleet/`)));
		});
	});

	test("a store that is gone fails a call within its time limit, and media work again when it is back", async () => {
		await using server = await RedisServer.start({ durable: true });
		await onHosts(server, { shared: "directory", dir: freshDirectory() }, async (one, two) => {
			const { reference } = await mediaOf(one, "alice").put(Buffer.from("content"), undefined);
			server.freeze();
			const failure = "internal: the store that the hosts share does not answer, so media cannot be used now; try again later";
			assert.is(await refusal(mediaOf(two, "alice").get(reference)), failure);
			assert.is(await refusal(mediaOf(one, "alice").put(Buffer.from("x"), undefined)), failure);
			server.thaw();
			for (;;) {
				const found = await mediaOf(two, "alice")
					.get(reference)
					.catch(() => undefined);
				if (found !== undefined) {
					assert.is(Buffer.from(found).toString(), "content");
					return;
				}
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		});
	});
}

test.run();
