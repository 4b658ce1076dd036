import { createHmac } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ContentSeal } from "../../src/cluster/content-seal.ts";

const SECRET = "s".repeat(32);

test("hosts with the same secret make the same digest, and others another one", () => {
	const digest = new ContentSeal("sealed", SECRET).digest("sk-1", "key");
	assert.match(digest ?? "", /^[\w-]{22}$/);
	assert.is(new ContentSeal("sealed", SECRET).digest("sk-1", "key"), digest);
	for (const other of [
		new ContentSeal("sealed", "t".repeat(32)).digest("sk-1", "key"),
		new ContentSeal("sealed", SECRET).digest("sk-2", "key"),
		new ContentSeal("sealed", SECRET).digest("sk-1", "guest"),
		createHmac("sha256", SECRET).update("key\nsk-1").digest("base64url").slice(0, 22),
	])
		assert.is.not(other, digest);
});

test("there is no digest without a secret", () => {
	assert.is(new ContentSeal("none", undefined).digest("sk-1", "key"), undefined);
	assert.is(new ContentSeal("plain", undefined).digest("sk-1", "key"), undefined);
});

test.run();
