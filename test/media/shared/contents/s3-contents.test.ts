import { randomBytes } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MissingContent } from "../../../../src/media/shared/contents/content-store.ts";
import { S3Client } from "../../../../src/media/shared/contents/s3/s3-client.ts";
import { S3Contents } from "../../../../src/media/shared/contents/s3/s3-contents.ts";
import { S3Error } from "../../../../src/media/shared/contents/s3/s3-error.ts";
import { s3Signer } from "../../../../src/media/shared/contents/s3/s3-signer.ts";
import { DIRECT } from "../../../../src/transport/network.ts";
import { S3_BUCKET, S3_KEYS, S3_REGION, S3Server } from "../../../helpers/s3-server.ts";
import { contentsConformance, failureOf } from "./conformance.ts";

const A = "a".repeat(32);
const KEY = `fleet/one/${A}`;
const PART = 400_000;

async function contentsOf(server: S3Server, more: { secret?: string; timeoutMs?: number } = {}): Promise<S3Contents & AsyncDisposable> {
	const sign = await s3Signer(S3_REGION, { ...S3_KEYS, ...(more.secret === undefined ? {} : { secretAccessKey: more.secret }) });
	const settings = { endpoint: server.endpoint, bucket: S3_BUCKET, region: S3_REGION, prefix: "fleet/one", pathStyle: true };
	const client = new S3Client({ settings, sign, network: DIRECT, timeoutMs: more.timeoutMs ?? 10_000, firstPauseMs: 2 });
	const contents = new S3Contents({ client, maxBytes: 10_000_000, partBytes: PART });
	return Object.assign(contents, { [Symbol.asyncDispose]: () => contents.close() });
}

async function put(contents: S3Contents, bytes: Uint8Array): Promise<void> {
	const writer = contents.write(A);
	await writer.write(bytes);
	await writer.finish(1);
}

function messageOf(failure: unknown): string {
	return failure instanceof S3Error ? failure.message : `no S3Error: ${failure}`;
}

contentsConformance(async () => {
	const server = await S3Server.start(PART);
	const hosts = [await contentsOf(server), await contentsOf(server)] as const;
	return {
		hosts,
		count: async () => server.objects.size + server.uploads.size,
		async shorten(id) {
			server.objects.set(`fleet/one/${id}`, randomBytes(400));
		},
		async [Symbol.asyncDispose]() {
			for (const host of hosts) await host.close();
			await server[Symbol.asyncDispose]();
		},
	};
});

test("a large content is an upload of equal parts, and a small one is one request", async () => {
	await using server = await S3Server.start(PART);
	await using contents = await contentsOf(server);
	await put(contents, new Uint8Array(3 * PART));
	assert.equal(
		server.requests.map(({ method, bytes }) => [method, method === "PUT" ? bytes : 0]),
		[
			["POST", 0],
			["PUT", PART],
			["PUT", PART],
			["PUT", PART],
			["POST", 0],
		],
	);
	assert.is(server.objects.get(KEY)?.byteLength, 3 * PART);
	server.requests.length = 0;
	await put(contents, new Uint8Array(PART));
	assert.equal(server.requests, [{ method: "PUT", url: `/${S3_BUCKET}/${KEY}`, bytes: PART }]);
});

test("a writer that is discarded leaves no upload", async () => {
	await using server = await S3Server.start(PART);
	await using contents = await contentsOf(server);
	const writer = contents.write(A);
	await writer.write(new Uint8Array(PART + 1));
	assert.is(server.uploads.size, 1);
	await writer.discard();
	assert.is(server.uploads.size, 0);
});

test("a wrong secret is refused, and the error names neither the secret nor what the server says", async () => {
	await using server = await S3Server.start();
	await using contents = await contentsOf(server, { secret: "wrong-secret" });
	assert.is(messageOf(await failureOf(put(contents, randomBytes(10)))), "S3: put: status 403 (SignatureDoesNotMatch)");
});

test("a server that fails for a moment is asked again, and one that keeps failing is given up", async () => {
	await using server = await S3Server.start();
	await using contents = await contentsOf(server);
	let failures = 2;
	server.intercept = (_, response) => {
		if (failures === 0) return false;
		failures -= 1;
		response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
		return true;
	};
	await put(contents, Buffer.from("content"));
	assert.is(server.objects.get(KEY)?.toString(), "content");
	failures = 3;
	assert.is(messageOf(await failureOf(put(contents, randomBytes(10)))), "S3: put: status 503 (SlowDown)");
	assert.is(failures, 0);
});

test("an upload whose completion was not answered is found complete", async () => {
	await using server = await S3Server.start(PART);
	await using contents = await contentsOf(server);
	let isFirst = true;
	server.intercept = ({ method, url }, response) => {
		if (method !== "POST" || !url.includes("uploadId") || !isFirst) return false;
		isFirst = false;
		const [[id, upload] = []] = server.uploads;
		if (id === undefined || upload === undefined) return false;
		server.objects.set(upload.key, Buffer.concat([...upload.parts.values()]));
		server.uploads.delete(id);
		response.destroy();
		return true;
	};
	await put(contents, new Uint8Array(2 * PART));
	assert.is(server.objects.get(KEY)?.byteLength, 2 * PART);
});

test("a completion that fails after its status is an error", async () => {
	await using server = await S3Server.start(PART + 1);
	await using contents = await contentsOf(server);
	assert.is(messageOf(await failureOf(put(contents, new Uint8Array(2 * PART)))), "S3: complete upload: status 200 (EntityTooSmall)");
});

test("a redirect is not followed", async () => {
	await using server = await S3Server.start();
	await using contents = await contentsOf(server);
	server.intercept = (_, response) => {
		response.writeHead(307, { location: "http://127.0.0.1:1/elsewhere" }).end();
		return true;
	};
	assert.match(messageOf(await failureOf(put(contents, randomBytes(10)))), "S3: put: status 307; redirects are not followed");
	assert.is(server.requests.length, 1);
});

test("a server that does not answer ends a call after its time limit", async () => {
	await using server = await S3Server.start();
	await using contents = await contentsOf(server, { timeoutMs: 50 });
	server.intercept = () => true;
	assert.is(messageOf(await failureOf(contents.read(A, 10).fill(new Uint8Array(10), 0))), "S3: get: no answer within 50 ms");
});

test("an answer of another size, and a list without end, are bounded", async () => {
	await using server = await S3Server.start();
	await using contents = await contentsOf(server);
	server.objects.set(KEY, randomBytes(10));
	server.intercept = (_, response) => {
		response.writeHead(206).end(Buffer.alloc(100_000));
		return true;
	};
	assert.match(messageOf(await failureOf(contents.read(A, 10).fill(new Uint8Array(10), 0))), "the answer is larger than 65536 bytes");
	server.intercept = (_, response) => {
		response.writeHead(206).end("four");
		return true;
	};
	assert.instance(await failureOf(contents.read(A, 10).fill(new Uint8Array(10), 0)), MissingContent);
	server.requests.length = 0;
	server.intercept = (_, response) => {
		response.end(`<UploadId>${"x".repeat(20)}</UploadId>`);
		return true;
	};
	await contents.remove(A, false);
	assert.is(server.requests.length, 21);
});

test.run();
