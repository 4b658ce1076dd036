import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf, settingsFrom } from "../helpers/config.ts";

const CLUSTER = '[cluster]\nurl = "redis://127.0.0.1"\nprefix = "blue"\n';
const SEALED = `${CLUSTER}content = "plain"\n`;
const BUCKET = 'endpoint = "https://s3.example.com"\nbucket = "media"\n';
const KEYS = 'access_key_env = "S3_ID"\nsecret_key_env = "S3_SECRET"\n';

test("media are those of one host unless they are shared", () => {
	const { sharedMedia, media } = settingsFrom(`${CLUSTER}[media]\ndir = "/var/media"\n`);
	assert.equal([sharedMedia, media.dir], [undefined, "/var/media"]);
});

test("a directory that hosts share is no directory of one host", () => {
	const { sharedMedia, media } = settingsFrom(`${CLUSTER}[media]\nshared = "directory"\ndir = "/mnt/media"\n`);
	assert.equal([sharedMedia, media.dir], [{ kind: "directory", dir: "/mnt/media" }, undefined]);
});

test("a bucket has the default region and the prefix of the hosts, and is addressed by its path", () => {
	assert.equal(settingsFrom(`${CLUSTER}[media]\nshared = "s3"\n[media.s3]\n${BUCKET}${KEYS}`).sharedMedia, {
		kind: "s3",
		endpoint: "https://s3.example.com",
		bucket: "media",
		region: "us-east-1",
		prefix: "blue",
		pathStyle: true,
		accessKeyName: "S3_ID",
		secretKeyName: "S3_SECRET",
	});
});

const FAULTS: readonly (readonly [config: string, fault: RegExp])[] = [
	['[media]\nshared = "redis"\n', /hosts share media by the store of \[cluster\]; add \[cluster\] with its url/],
	[`${CLUSTER}[media]\nshared = "directory"\n`, /needs a directory that all hosts see; add dir to \[media\]/],
	[`${CLUSTER}[media]\nshared = "redis"\n`, /the shared store may hold no contents; set content = "sealed"/],
	[`${SEALED}[media]\nshared = "redis"\ndir = "/var/media"\n`, /remove dir, because media are shared by redis/],
	[`${CLUSTER}[media]\nshared = "s3"\n`, /needs a bucket; add \[media\.s3\]/],
	[`${CLUSTER}[media.s3]\n${BUCKET}${KEYS}`, /is for shared = "s3" alone/],
	[`${CLUSTER}[media]\nshared = "s3"\n[media.s3]\n${BUCKET}secret_key_env = "S"\n`, /needs access_key_env or access_key_file/],
	[
		`${CLUSTER}[media]\nshared = "s3"\n[media.s3]\n${BUCKET.replace("com", "com/media")}${KEYS}`,
		/must be an address as https:\/\/s3\.example\.com, without a path/,
	],
	[`${CLUSTER}[media]\nshared = "s3"\n[media.s3]\n${BUCKET.replace("https", "ftp")}${KEYS}`, /must be an address as/],
];

for (const [config, fault] of FAULTS) {
	test(`a configuration is refused: ${fault.source.replaceAll("\\", "").slice(0, 60)} ${config.length}`, () => {
		const faults = faultsOf(config);
		assert.is(faults.length, 1, faults.join("\n"));
		assert.match(faults[0] ?? "", fault);
	});
}

test.run();
