import process from "node:process";
import { ContentSeal } from "../../src/cluster/content-seal.ts";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import type { SharedObjects } from "../../src/cluster/objects.ts";
import { BlockContents } from "../../src/media/shared/contents/block-contents.ts";
import type { ContentStore } from "../../src/media/shared/contents/content-store.ts";
import { DirectoryContents } from "../../src/media/shared/contents/directory-contents.ts";
import { S3Client } from "../../src/media/shared/contents/s3/s3-client.ts";
import { S3Contents } from "../../src/media/shared/contents/s3/s3-contents.ts";
import { s3Signer } from "../../src/media/shared/contents/s3/s3-signer.ts";
import { DIRECT } from "../../src/transport/network.ts";
import { RedisServer } from "../../test/helpers/redis-server.ts";
import { connectedStore } from "../../test/helpers/redis-store.ts";

/** A place of contents, with the records of its objects. */
export interface Place {
	readonly objects: SharedObjects;
	/** Returns the contents as one more host sees them. */
	contents(): Promise<ContentStore>;
	close(): Promise<void>;
}

export interface PlaceOptions {
	/** A folder that nothing else uses. */
	readonly folder: string;
	/** Most bytes of an object. */
	readonly maxBytes: number;
}

/** Opens a place by its name: `directory`, `redis` or `s3`. */
export async function openPlace(kind: string, { folder, maxBytes }: PlaceOptions): Promise<Place> {
	if (kind === "redis") return redisPlace();
	const { objects } = new MemoryStore();
	if (kind === "s3") return { objects, contents: () => bucket(maxBytes), close: async () => {} };
	return {
		objects,
		async contents() {
			const contents = new DirectoryContents(folder, 3_600_000);
			await contents.prepare();
			return contents;
		},
		close: async () => {},
	};
}

async function redisPlace(): Promise<Place> {
	const server = await RedisServer.start();
	const store = await connectedStore(server.url);
	const seal = new ContentSeal("sealed", "0123456789abcdef0123456789abcdef");
	return {
		objects: store.objects,
		contents: async () => new BlockContents(store.blocks, seal),
		async close() {
			await store.close();
			await server[Symbol.asyncDispose]();
		},
	};
}

async function bucket(maxBytes: number): Promise<ContentStore> {
	const variable = (name: string): string => process.env[`BENCH_S3_${name}`] ?? "";
	const region = process.env.BENCH_S3_REGION ?? "us-east-1";
	const sign = await s3Signer(region, { accessKeyId: variable("ACCESS_KEY"), secretAccessKey: variable("SECRET_KEY") });
	const settings = { endpoint: new URL(variable("ENDPOINT")), bucket: variable("BUCKET"), region, prefix: "bench", pathStyle: true };
	return new S3Contents({ client: new S3Client({ settings, sign, network: DIRECT }), maxBytes });
}
